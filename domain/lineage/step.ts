import { randomBytes } from 'node:crypto';
import { policyPart, type StepSpec } from '../../policies/index.js';
import {
  check,
  validateStepResult,
  type ArtifactRef,
  type ArtifactTable,
  type Policy,
  type StepRequest,
  type StepResult,
  type StepRun,
} from '../../schemas/index.js';
import {
  RESULT_PAYLOAD_TYPE,
  saltedLeaf,
  signEnvelope,
  signStatement,
  stepStatement,
  verifyEnvelope,
  type Envelope,
} from '../evidence/index.js';
import { canonicalBytes, digestJson, hexOf, sha256, type Digest } from './digest.js';
import { LineageError } from './errors.js';
import type {
  ArtifactStore,
  DocumentStore,
  Ledger,
  LedgerReceipt,
  Signer,
  TrustedKey,
} from './ports.js';

/** What the three step functions stand on. `documents` holds evidence, `memo` may be dropped. */
export interface StepRuntime {
  readonly artifacts: ArtifactStore;
  readonly memo: DocumentStore;
  readonly documents: DocumentStore;
  readonly ledger: Ledger;
  readonly signer: Signer;
  readonly trustedKeys: () => Promise<readonly TrustedKey[]>;
  readonly now: () => Date;
  readonly worker: string;
  readonly codeVersion: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** What an executor yields; `commitStep` turns it into a StepResult. */
export interface StepOutput {
  readonly outputs: ArtifactTable;
  readonly counts?: Readonly<Record<string, number>>;
  readonly values?: Readonly<Record<string, unknown>>;
}

export interface BegunStep {
  readonly memoKey: Digest;
  /** The policy with nothing in it but what the step declared to read. */
  readonly policy: Policy;
  readonly startedAt: string;
  readonly hit?: { readonly result: StepResult; readonly runId: string };
}

interface MemoEntry {
  readonly envelope: Envelope;
  readonly runId: string;
}

export interface CommittedRun {
  readonly envelope: Envelope;
  /** 32 bytes, base64: the leaf is a commitment, so the log alone confirms no guess. */
  readonly salt: string;
}

export function flattenRefs(table: ArtifactTable): ArtifactRef[] {
  return Object.values(table).flat();
}

/** Digests in place of references: media types and sizes follow from the digest. */
function digestsOf(table: ArtifactTable): Record<string, Digest | Digest[]> {
  return Object.fromEntries(
    Object.entries(table).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map((ref) => ref.digest) : value.digest,
    ]),
  );
}

/** Code version is not in it: a test fails when a step's sources change without a new name. */
export function memoKeyOf(
  spec: Pick<StepSpec, 'name'>,
  request: Pick<StepRequest, 'project' | 'params' | 'inputs'>,
  part: unknown,
): Digest {
  return digestJson({
    step: spec.name,
    project: request.project,
    params: request.params,
    inputs: digestsOf(request.inputs),
    policy: part,
  });
}

function memoDocument(memoKey: Digest): string {
  const hex = hexOf(memoKey);
  return `${hex.slice(0, 2)}/${hex}.json`;
}

async function readMemo(
  runtime: StepRuntime,
  memoKey: Digest,
): Promise<{ result: StepResult; runId: string } | undefined> {
  const document = await runtime.memo.read(memoDocument(memoKey));
  if (document === undefined) return undefined;
  const entry = JSON.parse(Buffer.from(document.bytes).toString('utf8')) as MemoEntry;
  const payload = verifyEnvelope(entry.envelope, await runtime.trustedKeys(), {
    payloadType: RESULT_PAYLOAD_TYPE,
    use: 'worker',
  });
  const result = check(validateStepResult, JSON.parse(payload.toString('utf8')), `memo ${memoKey}`);
  if (result.memoKey !== memoKey) {
    throw new LineageError('STEP_INVALID', `memo ${memoKey} holds the result of another key`);
  }
  return { result, runId: entry.runId };
}

async function allOpen(runtime: StepRuntime, project: string, table: ArtifactTable) {
  for (const ref of flattenRefs(table)) {
    if (!(await runtime.artifacts.has(ref, project))) return false;
  }
  return true;
}

/** The signed result of a shard or stage, as the memo has it; for the evidence bundle. */
export async function recallSigned(
  runtime: Pick<StepRuntime, 'memo'>,
  memoKey: Digest,
): Promise<Envelope | undefined> {
  const document = await runtime.memo.read(memoDocument(memoKey));
  if (document === undefined) return undefined;
  return (JSON.parse(Buffer.from(document.bytes).toString('utf8')) as MemoEntry).envelope;
}

/** The result stored for `memoKey`, with its signature checked; undefined when there is none. */
export async function recallResult(
  runtime: StepRuntime,
  memoKey: Digest,
): Promise<StepResult | undefined> {
  return (await readMemo(runtime, memoKey))?.result;
}

/**
 * Looks the step up in the memo. A hit counts only if its signature verifies and every output
 * still opens; a drawn result whose outputs are gone is an error, never drawn again.
 */
export async function beginStep(
  runtime: StepRuntime,
  spec: StepSpec,
  request: StepRequest,
): Promise<BegunStep> {
  const bytes = await runtime.artifacts.get(request.policy, request.project);
  const whole = JSON.parse(Buffer.from(bytes).toString('utf8')) as Policy;
  const part = policyPart(whole, spec.policy);
  const memoKey = memoKeyOf(spec, request, part);
  // What a step did not declare is not there to be read.
  const begun = { memoKey, policy: part as Policy, startedAt: runtime.now().toISOString() };
  const hit = await readMemo(runtime, memoKey);
  if (hit === undefined) return begun;
  if (await allOpen(runtime, request.project, hit.result.outputs)) return { ...begun, hit };
  if (spec.kind === 'drawn') {
    throw new LineageError(
      'DRAW_CONFLICT',
      `${spec.name} was drawn in run ${hit.runId} but its stored output no longer opens; restore it, or start a new dataset`,
    );
  }
  return begun;
}

/**
 * Order of a commit: artifacts (already stored by the executor), envelope, ledger append, memo.
 * A retry after a crash between any two finds what is there and goes on.
 */
export async function commitStep(
  runtime: StepRuntime,
  spec: StepSpec,
  request: StepRequest,
  begun: BegunStep,
  output: StepOutput,
  attempt: number,
): Promise<StepResult> {
  const result: StepResult = {
    schema: 'custos.step-result.v1',
    step: spec.name,
    kind: spec.kind,
    memoKey: begun.memoKey,
    inputs: request.inputs,
    outputs: output.outputs,
    counts: { ...output.counts },
    values: { ...output.values },
  };
  check(validateStepResult, result, `result of ${spec.name}`);
  if (!(await allOpen(runtime, request.project, result.outputs))) {
    throw new LineageError('ARTIFACT_MISSING', `${spec.name} names an output that does not open`);
  }
  // A drawn result must be one for all: it is published first, and the loser of a race adopts it.
  const published = spec.kind === 'drawn' ? await publishMemo(runtime, request, result) : result;
  if (spec.scope === 'stage') await recordRun(runtime, spec, request, begun, published, attempt);
  if (spec.kind !== 'drawn') await publishMemo(runtime, request, result);
  return published;
}

async function publishMemo(
  runtime: StepRuntime,
  request: StepRequest,
  result: StepResult,
): Promise<StepResult> {
  const envelope = await signEnvelope(runtime.signer, RESULT_PAYLOAD_TYPE, canonicalBytes(result));
  const entry: MemoEntry = { envelope, runId: request.runId };
  const key = memoDocument(result.memoKey);
  if (await runtime.memo.create(key, canonicalBytes(entry))) return result;
  if (result.kind === 'drawn') {
    const winner = await recallResult(runtime, result.memoKey);
    if (winner === undefined)
      throw new LineageError('DRAW_CONFLICT', `memo of ${result.step} vanished`);
    return winner;
  }
  const stored = await runtime.memo.read(key);
  if (stored !== undefined) await runtime.memo.replace(key, canonicalBytes(entry), stored.etag);
  return result;
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
): Promise<void> {
  const run: StepRun = {
    schema: 'custos.step-run.v1',
    runId: request.runId,
    step: spec.name,
    memoKey: result.memoKey,
    resultDigest: digestJson(result),
    // A retry may find what this very run published before it was cut off.
    ...(begun.hit === undefined || begun.hit.runId === request.runId
      ? { outcome: 'computed' }
      : { outcome: 'reused', reusedFromRun: begun.hit.runId }),
    startedAt: begun.startedAt,
    endedAt: runtime.now().toISOString(),
    worker: runtime.worker,
    attempt,
    environment: { ...runtime.environment },
    codeVersion: runtime.codeVersion,
  };
  const signed = await signEnvelope(runtime.signer, RESULT_PAYLOAD_TYPE, canonicalBytes(result));
  const resultDocument = runDocument(request.runId, result.memoKey, 'result');
  await runtime.documents.create(resultDocument, canonicalBytes(signed));
  const envelope = await signStatement(runtime.signer, stepStatement(result, run, request));
  await commitEnvelope(runtime, request.runId, result.memoKey, envelope);
}

/** Stores an envelope under its run, appends its salted leaf to the ledger and keeps the receipt. */
export async function commitEnvelope(
  runtime: StepRuntime,
  runId: string,
  memoKey: Digest,
  envelope: Envelope,
): Promise<LedgerReceipt> {
  const key = runDocument(runId, memoKey, 'envelope');
  const mine: CommittedRun = { envelope, salt: randomBytes(32).toString('base64') };
  const created = await runtime.documents.create(key, canonicalBytes(mine));
  const committed = created ? mine : await readCommitted(runtime, key);
  const leaf = saltedLeaf(Buffer.from(committed.salt, 'base64'), digestJson(committed.envelope));
  const idempotencyKey = hexOf(sha256(`${runId}\0${memoKey}`));
  const [receipt] = await runtime.ledger.append([leaf], idempotencyKey);
  if (receipt === undefined) {
    throw new LineageError('LEDGER_UNAVAILABLE', `the ledger gave no receipt for run ${runId}`);
  }
  await runtime.documents.create(runDocument(runId, memoKey, 'receipt'), canonicalBytes(receipt));
  return receipt;
}

async function readCommitted(runtime: StepRuntime, key: string): Promise<CommittedRun> {
  const document = await runtime.documents.read(key);
  if (document === undefined)
    throw new LineageError('ARTIFACT_MISSING', `${key} cannot be read back`);
  return JSON.parse(Buffer.from(document.bytes).toString('utf8')) as CommittedRun;
}
