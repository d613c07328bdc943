import {
  openEnvelope,
  parseJson,
  STATEMENT_PAYLOAD_TYPE,
  type Envelope,
  type EvidenceKey,
} from '../domain/evidence/index.js';
import {
  beginStep,
  canonicalBytes,
  commitStep,
  LineageError,
  readJson,
  recordRun,
  type StepRuntime,
} from '../domain/lineage/index.js';
import {
  assertReviewCounts,
  findReviewRefusals,
  summarizeReview,
  type SignedReviewInput,
} from '../domain/review/index.js';
import { STEPS } from '../policies/index.js';
import {
  check,
  validatePolicy,
  validateReviewBatch,
  validateReviewDecisions,
  validateReviewOverlay,
  validateReviewStatement,
  type ArtifactRef,
  type ReviewOverlay,
  type StepResult,
} from '../schemas/index.js';
import type { ApprovalRequest, ControlActivities, SignedReview } from './api.js';
import { authenticated } from './control.js';

export interface ApprovalDeps {
  readonly runtime: StepRuntime;
  readonly people: () => Promise<readonly EvidenceKey[]>;
}

interface OpenedReview {
  readonly input: SignedReviewInput;
  readonly overlay: ReviewOverlay;
}

/** Reads all that a signed review is judged by. @throws LineageError SIGNATURE_INVALID, SchemaError */
async function openReview(
  { runtime, people }: ApprovalDeps,
  { step, submitter }: ApprovalRequest,
  signed: SignedReview,
  use: SignedReviewInput['use'],
): Promise<OpenedReview> {
  const json = (ref: ArtifactRef) => readJson(runtime.artifacts, ref, step.project);
  const input = (name: string) => json(step.inputs[name] as ArtifactRef);
  const { payload, keys } = openEnvelope(
    (await json(signed.signature)) as Envelope,
    await people(),
    {
      payloadType: STATEMENT_PAYLOAD_TYPE,
      use: 'person',
    },
  );
  const statement = parseJson(payload, 'the review statement');
  const { predicate } = check(validateReviewStatement, statement, 'the review statement');
  const policy = check(validatePolicy, await json(step.policy), 'the policy');
  return {
    overlay: check(validateReviewOverlay, await input('overlay'), 'the review overlay'),
    input: {
      batch: check(validateReviewBatch, await input('batch'), 'the review batch'),
      decisions: check(validateReviewDecisions, await json(signed.decisions), 'the decisions'),
      facts: { ...predicate, actor: authenticated(predicate.actor, keys) },
      signatureValid: true,
      demoKey: keys.some(({ demo }) => demo),
      submitter,
      runId: step.runId,
      policyDigest: step.policy.digest,
      policy: policy.review,
      now: runtime.now().toISOString(),
      use,
    },
  };
}

const refOf = (result: StepResult, name: string): ArtifactRef =>
  result.outputs[name] as ArtifactRef;

/** True while the stored approval would be accepted again today. */
async function stillCounts(
  deps: ApprovalDeps,
  request: ApprovalRequest,
  result: StepResult,
): Promise<boolean> {
  if (result.values['meaning'] !== 'approved') return false;
  const signed = { decisions: refOf(result, 'decisions'), signature: refOf(result, 'approval') };
  try {
    const { input } = await openReview(deps, request, signed, 'stored');
    return findReviewRefusals(input).length === 0;
  } catch (error) {
    // A key that is no longer trusted: the approval has lost its signer.
    if (error instanceof LineageError && error.code === 'SIGNATURE_INVALID') return false;
    throw error;
  }
}

export function createApproval(
  deps: ApprovalDeps,
): Pick<ControlActivities, 'recallApproval' | 'commitApproval'> {
  const { runtime } = deps;
  return {
    recallApproval: async (request) => {
      const begun = await beginStep(runtime, STEPS.review, request.step);
      if (begun.hit === undefined || !(await stillCounts(deps, request, begun.hit.result)))
        return null;
      await recordRun(runtime, STEPS.review, request.step, begun, begun.hit.result, 1);
      return begun.hit.result;
    },
    commitApproval: async (request, signed) => {
      const { input, overlay } = await openReview(deps, request, signed, 'new');
      assertReviewCounts(input);
      const { hit: _, ...begun } = await beginStep(runtime, STEPS.review, request.step);
      const { facts, batch, decisions, demoKey } = input;
      const summary = summarizeReview(batch, overlay, decisions);
      const report = await runtime.artifacts.put(canonicalBytes(summary), {
        class: 'evidence',
        mediaType: 'application/vnd.custos.review-report+json',
        project: request.step.project,
      });
      return commitStep(
        runtime,
        STEPS.review,
        request.step,
        begun,
        {
          outputs: { decisions: signed.decisions, approval: signed.signature, report },
          counts: {
            items: summary.items,
            sample: summary.sample.records,
            misses: summary.sample.misses,
          },
          values: {
            meaning: facts.verdict,
            signer: facts.actor.subject,
            signedAt: facts.signedAt,
            demo: demoKey,
            batchRoot: facts.batchRoot,
            sample: summary.sample.statement,
          },
        },
        1,
      );
    },
  };
}
