import {
  adapterDigestOf,
  openEnvelope,
  parseJson,
  STATEMENT_PAYLOAD_TYPE,
  type EvidenceKey,
} from '../domain/evidence/index.js';
import {
  LineageError,
  readJson,
  recallResult,
  refsOf,
  type ArtifactStore,
  type StepRuntime,
} from '../domain/lineage/index.js';
import { checkRole, isDecisionValid, STEPS } from '../policies/index.js';
import {
  check,
  validateDsseEnvelope,
  validateGateDecision,
  validateReviewStatement,
  type ArtifactRef,
  type RegistryEntry,
  type StepResult,
} from '../schemas/index.js';
import type { ControlActivities, RegisterRequest } from './api.js';
import { authenticated } from './control.js';

export interface RegisterDeps {
  readonly runtime: StepRuntime;
  readonly people: () => Promise<readonly EvidenceKey[]>;
  readonly artifacts: ArtifactStore;
  readonly registry: {
    register(draft: Omit<RegistryEntry, 'version'>): Promise<RegistryEntry>;
  };
}

const digestIn = (table: StepResult['inputs'], name: string): string =>
  (table[name] as ArtifactRef | undefined)?.digest ?? '';

/** Every input of the release step that is a report, under its registry name: auditReport -> audit. */
function reportsOf({ inputs }: StepResult): RegistryEntry['reports'] {
  const names = Object.keys(inputs).filter((name) => name.endsWith('Report'));
  return Object.fromEntries(
    names.map((name) => [name.slice(0, -'Report'.length).toLowerCase(), digestIn(inputs, name)]),
  );
}

async function signedResult(
  runtime: StepRuntime,
  { memoKey }: StepResult,
  step: string,
): Promise<StepResult> {
  const result = await recallResult(runtime, memoKey);
  if (result?.step === step) return result;
  throw new LineageError(
    'GATE_SHUT',
    `there is no signed result of ${step} to register; run again`,
  );
}

/**
 * The release step sees no clock: whether its approval still holds is looked at here.
 * @throws LineageError GATE_SHUT when it has run out
 */
async function requireValid(
  { artifacts, runtime }: RegisterDeps,
  project: string,
  release: StepResult,
): Promise<void> {
  const stored = await readJson(artifacts, release.outputs['decision'] as ArtifactRef, project);
  const decision = check(validateGateDecision, stored, 'the gate decision');
  if (isDecisionValid(decision, runtime.now().getTime())) return;
  throw new LineageError(
    'GATE_SHUT',
    `the approval of this adapter's data ended at ${String(decision.validUntil)} (/review/approvalValidDays); run again: a reviewer is asked anew, and what is computed is reused`,
  );
}

/**
 * Training may take days: whoever approved its data has to be a reviewer still.
 * @throws LineageError SIGNATURE_INVALID for a key that is no longer trusted, GATE_SHUT for a lost role
 */
async function requireReviewer(
  { artifacts, people }: RegisterDeps,
  project: string,
  approval: ArtifactRef,
): Promise<void> {
  const where = 'the approval';
  const envelope = check(validateDsseEnvelope, await readJson(artifacts, approval, project), where);
  const expected = { payloadType: STATEMENT_PAYLOAD_TYPE, use: 'person' } as const;
  const { payload, keys } = openEnvelope(envelope, await people(), expected);
  const { predicate } = check(validateReviewStatement, parseJson(payload, where), where);
  const refusal = checkRole(authenticated(predicate.actor, keys), 'sign');
  if (refusal === undefined) return;
  throw new LineageError(
    'GATE_SHUT',
    `the approval of this adapter's data has lost its signer: ${refusal.reason}; run again for another reviewer's`,
  );
}

export function createRegister(deps: RegisterDeps): Pick<ControlActivities, 'register'> {
  const { runtime, artifacts, registry } = deps;
  return {
    register: async ({ runId, project, adapter, submitter, ...claimed }: RegisterRequest) => {
      // What the caller says of the results is not believed: the signed ones are.
      const release = await signedResult(runtime, claimed.release, STEPS.release.name);
      const train = await signedResult(runtime, claimed.train, STEPS.train.name);
      await requireValid(deps, project, release);
      const approvals = refsOf(release.inputs['approval']);
      for (const approval of approvals) await requireReviewer(deps, project, approval);
      const entry = await registry.register({
        schema: 'custos.registry-entry.v1',
        project,
        name: adapter,
        adapterDigest: adapterDigestOf(train),
        runId,
        submitter: { issuer: submitter.issuer, subject: submitter.subject },
        stage: release.values['stage'] as RegistryEntry['stage'],
        baseModelRevision: release.values['baseModelRevision'] as string,
        policyDigest: digestIn(release.inputs, 'policy'),
        decisionDigest: digestIn(release.outputs, 'decision'),
        reports: reportsOf(release),
        // None where the policy waives the review; such an entry can never be released.
        approvals: approvals.map(({ digest }) => digest),
        createdAt: runtime.now().toISOString(),
        promotions: [],
      });
      const ref = await artifacts.put(Buffer.from(JSON.stringify(entry), 'utf8'), {
        class: 'evidence',
        mediaType: 'application/vnd.custos.registry-entry+json',
        project,
      });
      const { name, version, stage, adapterDigest } = entry;
      return { name, version, stage, adapterDigest, entry: ref };
    },
  };
}
