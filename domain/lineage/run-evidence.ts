import type { StepSpec } from '../../policies/index.js';
import type {
  KeyParts,
  Policy,
  ShardSummary,
  StepRequest,
  StepResult,
  StepRun,
} from '../../schemas/index.js';
import {
  parseJson,
  RESULT_PAYLOAD_TYPE,
  signEnvelope,
  signStatement,
  stepStatement,
  type Envelope,
} from '../evidence/index.js';
import { commitmentOf, logCommitted, readCommitted } from './committed.js';
import { canonicalBytes, digestJson, hexOf, type Digest } from './digest.js';
import { LineageError } from './errors.js';
import type { MemoHit } from './memo.js';
import type { StepRuntime } from './ports.js';

export interface BegunStep {
  readonly memoKey: Digest;
  /** The policy with nothing in it but what the step declared to read. */
  readonly policy: Policy;
  readonly startedAt: string;
  /** What the memo key was made of, to say later what changed. */
  readonly parts: KeyParts;
  readonly hit?: MemoHit;
  /** Without a hit, why there is none. */
  readonly missed?: NonNullable<StepRun['missed']>;
}

/** Where a run keeps the evidence of a stage: result, envelope with its salt, ledger receipt. */
export function runDocument(
  runId: string,
  memoKey: Digest,
  part: 'envelope' | 'receipt' | 'result',
): string {
  return `runs/${runId}/${hexOf(memoKey)}.${part}.json`;
}

/** Where the reference of a run's signed submission is kept. */
export function submissionDocument(runId: string): string {
  return `submissions/${runId}.json`;
}

/** Signs, stores and logs the StepRun of a stage, computed or reused. Idempotent by run and memo key. */
export async function recordRun(
  runtime: StepRuntime,
  spec: StepSpec,
  request: StepRequest,
  begun: BegunStep,
  result: StepResult,
  attempt: number,
  shards?: ShardSummary,
): Promise<void> {
  const { hit, missed, parts } = begun;
  const run: StepRun = {
    schema: 'custos.step-run.v1',
    runId: request.runId,
    step: spec.name,
    memoKey: result.memoKey,
    resultDigest: digestJson(result),
    // A retry may find what this very run published before it was cut off.
    ...(hit === undefined || hit.runId === request.runId
      ? { outcome: 'computed', missed: missed ?? 'absent' }
      : { outcome: 'reused', reusedFromRun: hit.runId }),
    parts,
    ...(shards === undefined ? {} : { shards }),
    startedAt: begun.startedAt,
    endedAt: runtime.now().toISOString(),
    worker: runtime.worker,
    attempt,
    environment: { ...runtime.environment },
    codeVersion: runtime.codeVersion,
  };
  const signed = await signEnvelope(runtime.signer, RESULT_PAYLOAD_TYPE, canonicalBytes(result));
  const resultDocument = runDocument(request.runId, result.memoKey, 'result');
  if (!(await runtime.documents.create(resultDocument, canonicalBytes(signed)))) {
    await requireSameResult(runtime, resultDocument, result);
  }
  const envelope = await signStatement(runtime.signer, stepStatement(result, run, request));
  await commitEnvelope(runtime, request.runId, result.memoKey, envelope);
}

/**
 * One run records one result of a step: a second, such as another decision on the same batch after
 * a cut-off commit, must not be published over the evidence of the first.
 */
async function requireSameResult(
  runtime: StepRuntime,
  key: string,
  result: StepResult,
): Promise<void> {
  const document = await runtime.documents.read(key);
  const stored = document && (parseJson(document.bytes, key) as Envelope);
  if (stored?.payload === Buffer.from(canonicalBytes(result)).toString('base64')) return;
  throw new LineageError(
    'DRAW_CONFLICT',
    `this run has recorded another result of ${result.step} already; submit a new run`,
  );
}

/** Stores an envelope under its run, appends its salted leaf to the ledger and keeps the receipt. */
async function commitEnvelope(
  runtime: StepRuntime,
  runId: string,
  memoKey: Digest,
  envelope: Envelope,
): Promise<void> {
  const key = runDocument(runId, memoKey, 'envelope');
  const mine = commitmentOf(envelope, runtime.randomBytes);
  const created = await runtime.documents.create(key, canonicalBytes(mine));
  const committed = created ? mine : await readCommitted(runtime.documents, key);
  const receiptKey = runDocument(runId, memoKey, 'receipt');
  await logCommitted(runtime, committed, `${runId}\0${memoKey}`, receiptKey);
}
