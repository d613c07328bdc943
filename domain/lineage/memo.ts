import type { StepSpec } from '../../policies/index.js';
import {
  check,
  validateStepResult,
  type ArtifactTable,
  type StepRequest,
  type StepResult,
} from '../../schemas/index.js';
import {
  parseJson,
  RESULT_PAYLOAD_TYPE,
  signEnvelope,
  verifyEnvelope,
  type Envelope,
} from '../evidence/index.js';
import { canonicalBytes, digestJson, hexOf, type Digest } from './digest.js';
import { LineageError } from './errors.js';
import type { StepRuntime } from './ports.js';

interface MemoEntry {
  readonly envelope: Envelope;
  readonly runId: string;
}

/** A memoized result and the run that published it. */
export interface MemoHit {
  readonly result: StepResult;
  readonly runId: string;
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

async function readEntry(
  { memo }: Pick<StepRuntime, 'memo'>,
  memoKey: Digest,
): Promise<MemoEntry | undefined> {
  const document = await memo.read(memoDocument(memoKey));
  if (document === undefined) return undefined;
  return parseJson(document.bytes, `memo ${memoKey}`) as MemoEntry;
}

/** @throws LineageError SIGNATURE_INVALID, STEP_INVALID when it is not the result of that key */
export async function readMemo(
  runtime: StepRuntime,
  memoKey: Digest,
): Promise<MemoHit | undefined> {
  const entry = await readEntry(runtime, memoKey);
  if (entry === undefined) return undefined;
  const payload = verifyEnvelope(entry.envelope, await runtime.trustedKeys(), {
    payloadType: RESULT_PAYLOAD_TYPE,
    use: 'worker',
  });
  const where = `memo ${memoKey}`;
  const result = check(validateStepResult, parseJson(payload, where), where);
  if (result.memoKey !== memoKey) {
    throw new LineageError('STEP_INVALID', `${where} holds the result of another key`);
  }
  return { result, runId: entry.runId };
}

/** The signed result of a shard or stage, as the memo has it; for the evidence bundle. */
export async function recallSigned(
  runtime: Pick<StepRuntime, 'memo'>,
  memoKey: Digest,
): Promise<Envelope | undefined> {
  return (await readEntry(runtime, memoKey))?.envelope;
}

/** The result stored for `memoKey`, with its signature checked; undefined when there is none. */
export async function recallResult(
  runtime: StepRuntime,
  memoKey: Digest,
): Promise<StepResult | undefined> {
  return (await readMemo(runtime, memoKey))?.result;
}

/** Publishes a result; of a drawn one the first stands, and the loser of a race gets it. */
export async function publishMemo(
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
