import { WorkflowNotFoundError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { reviewStatement, signStatement } from '../domain/evidence/index.js';
import { canonicalBytes, readJson } from '../domain/lineage/index.js';
import { batchRoot, shownDigest } from '../domain/review/index.js';
import type { UnlockedIdentity } from '../infra/identity/index.js';
import {
  check,
  validateReviewBatch,
  validateReviewDecisions,
  validateReviewReport,
  type ArtifactRef,
  type ReviewBatch,
  type ReviewDecision,
  type ReviewDecisions,
} from '../schemas/index.js';
import type { ReviewOutcome, ReviewPhase, ReviewStatus } from '../workflows/messages.js';
import type { Workspace } from './compose.js';
import { CliError } from './errors.js';

export type Verdict = 'approved' | 'refused';

/** The gate did not take what was handed in; its message lists why. */
class ReviewRefusedError extends Error {
  constructor(
    readonly code: string,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'ReviewRefusedError';
  }
}

/** A review as its reviewer gets it: never the overlay. */
export interface ReviewCase {
  readonly id: string;
  readonly handle: WorkflowHandle;
  readonly status: ReviewStatus;
  /** How it ended; undefined while a signature can still decide it. */
  readonly closed?: string;
  readonly batch: ReviewBatch;
}

/**
 * What a signature means, as shown to the signer.
 * @param unseen items that were approved together, without a look at each
 */
export function meaningOf(verdict: Verdict, unseen = 0): string {
  if (verdict === 'refused')
    return 'I refuse the use of this dataset for training under this policy.';
  const looked =
    unseen === 0
      ? 'I have looked at the items of this batch as they were shown and decided each of them'
      : `I have decided the items of this batch, ${String(unseen)} of them without looking at each`;
  return `${looked}; with these decisions the dataset may be used for training under this policy.`;
}

/** The review workflow's id from its own or its run's. */
function reviewIdOf(text: string): string {
  return text.endsWith('-review') ? text : `${text}-review`;
}

type Standing = Pick<ReviewCase, 'status' | 'closed'>;

const DECIDED: readonly ReviewPhase[] = ['approved', 'rejected', 'expired'];

async function standingOf(handle: WorkflowHandle, id: string): Promise<Standing> {
  try {
    const status = await handle.query<ReviewStatus>('review');
    const { status: execution } = await handle.describe();
    if (DECIDED.includes(status.phase)) return { status, closed: status.phase };
    return execution.name === 'RUNNING'
      ? { status }
      : { status, closed: execution.name.toLowerCase() };
  } catch (cause) {
    if (!(cause instanceof WorkflowNotFoundError)) throw cause;
    throw new CliError(
      'NOT_FOUND',
      `there is no review "${id}"; "custos review list" names the open ones, and a run whose approval was reused, or whose policy waives the review, has none`,
      { cause },
    );
  }
}

/**
 * Opens a review and checks that its batch is the one that the gate waits for.
 * @throws CliError NOT_FOUND, ReviewRefusedError REVIEW_REFUSED, SchemaError
 */
export async function openReview(workspace: Workspace, runOrReview: string): Promise<ReviewCase> {
  const id = reviewIdOf(runOrReview);
  const handle = workspace.client.workflow.getHandle(id);
  const standing = await standingOf(handle, id);
  const { status } = standing;
  const json = (ref: ArtifactRef) => readJson(workspace.stores.artifacts, ref, status.project);
  const batch = check(validateReviewBatch, await json(status.batch), 'the review batch');
  const info = (await json(status.info)) as { batchRoot?: unknown; shownDigest?: unknown };
  if (info.batchRoot !== batchRoot(batch) || info.shownDigest !== shownDigest(batch)) {
    throw new ReviewRefusedError(
      'REVIEW_REFUSED',
      `the batch of ${id} is not the one that its gate waits for; start the run again`,
    );
  }
  return { id, handle, ...standing, batch };
}

export function decisionsFor(
  batch: ReviewBatch,
  decisions: readonly ReviewDecision[],
): ReviewDecisions {
  return {
    schema: 'custos.review-decisions.v1',
    batchRoot: batchRoot(batch),
    decisions: [...decisions],
  };
}

/** The failure below Temporal's wrappers: what the gate said. */
function refusalOf(error: unknown): unknown {
  for (let one = error; one instanceof Error; one = one.cause) {
    if (one instanceof ApplicationFailure) {
      const code = one.type === 'DECISIONS_REFUSED' ? 'REVIEW_REFUSED' : one.type;
      return new ReviewRefusedError(code ?? 'FAILED', one.message, { cause: error });
    }
    if (one instanceof WorkflowNotFoundError) {
      return new ReviewRefusedError('REVIEW_CLOSED', 'this review is closed', { cause: error });
    }
  }
  return error;
}

/** Hands the gate one message. @throws ReviewRefusedError with what the gate said */
export async function updateReview<R>(
  review: ReviewCase,
  name: 'decide' | 'sign',
  ...args: [argument: unknown, ...unknown[]]
): Promise<R> {
  try {
    return await review.handle.executeUpdate<R, typeof args>(name, { args });
  } catch (error) {
    throw refusalOf(error);
  }
}

/** Signs decisions about exactly this batch and hands them to the gate. */
export async function signReview(
  workspace: Workspace,
  review: ReviewCase,
  decisions: ReviewDecisions,
  {
    verdict,
    person,
    unseen,
  }: { readonly verdict: Verdict; readonly person: UnlockedIdentity; readonly unseen?: number },
): Promise<ReviewPhase> {
  const { status, batch } = review;
  const put = (value: unknown, mediaType: string): Promise<ArtifactRef> =>
    workspace.stores.artifacts.put(canonicalBytes(value), {
      class: 'evidence',
      mediaType,
      project: status.project,
    });
  const decisionsRef = await put(
    check(validateReviewDecisions, decisions, 'the decisions'),
    'application/vnd.custos.review-decisions+json',
  );
  const statement = reviewStatement({
    runId: status.runId,
    batchRoot: batchRoot(batch),
    policyDigest: status.policy.digest,
    decisionsDigest: decisionsRef.digest,
    shownDigest: shownDigest(batch),
    verdict,
    meaning: meaningOf(verdict, unseen),
    actor: { ...person.actor, roles: [...person.actor.roles] },
    signedAt: new Date().toISOString(),
  });
  const signature = await put(
    await signStatement(person.signer, statement),
    'application/vnd.dsse.envelope+json',
  );
  return updateReview(review, 'sign', { decisions: decisionsRef, signature });
}

/** What was decided in a closed review; nothing when it ended without a signature. */
export async function signedDecisions(
  { stores }: Workspace,
  { handle, status, closed }: ReviewCase,
): Promise<readonly ReviewDecision[]> {
  if (closed !== 'approved' && closed !== 'rejected') return [];
  const { result } = (await handle.result()) as ReviewOutcome;
  const ref = result?.outputs['decisions'];
  if (ref === undefined || Array.isArray(ref)) return [];
  const json = await readJson(stores.artifacts, ref, status.project);
  return check(validateReviewDecisions, json, 'the decisions').decisions;
}

/** What a signed review came to: the sample's statement, and how many planted misses were found. */
export async function describeSigned(
  { stores }: Workspace,
  { handle, status }: ReviewCase,
  { actor, trustedKey }: UnlockedIdentity,
): Promise<string> {
  const { phase, result } = (await handle.result()) as ReviewOutcome;
  const ref = result?.outputs['report'];
  const signed = `signed by ${actor.subject}${trustedKey.demo ? ', a demo signature' : ''}`;
  const prefix = phase === 'approved' ? '' : `${phase}: `;
  if (ref === undefined || Array.isArray(ref)) return `${phase} (${signed})`;
  const json = await readJson(stores.artifacts, ref, status.project);
  const { sample, planted } = check(validateReviewReport, json, 'the review report');
  const attention =
    planted.shown === 0
      ? []
      : [
          `${String(planted.found)} of ${String(planted.shown)} misses that were planted to measure attention were found`,
        ];
  return [`${prefix}${sample.statement} (${signed})`, ...attention].join('\n');
}
