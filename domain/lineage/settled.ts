import type { StepResult } from '../../schemas/index.js';
import { canonicalBytes, hexOf, type Digest } from './digest.js';
import { LineageError } from './errors.js';
import { readMemo, readStored, verifyStored, type MemoHit, type StoredResult } from './memo.js';
import type { StepRuntime } from './ports.js';

/**
 * Where drawn and human results are, below the evidence of runs: write-once, so that neither can
 * be had a second time by dropping the memo.
 */
export const SETTLED_PREFIX = 'settled/';

const folderOf = (memoKey: Digest): string => {
  const hex = hexOf(memoKey);
  return `${SETTLED_PREFIX}${hex.slice(0, 2)}/${hex}/`;
};
const documentOf = (memoKey: Digest, number: number): string =>
  `${folderOf(memoKey)}${String(number).padStart(6, '0')}.json`;

/** A draw is the first document of its key, whoever comes later; people may decide again. */
const FIRST = 1;

async function lastNumber(runtime: Pick<StepRuntime, 'documents'>, memoKey: Digest) {
  let last = 0;
  for await (const key of runtime.documents.list(folderOf(memoKey))) {
    last = Math.max(last, Number(key.slice(-'000001.json'.length, -'.json'.length)));
  }
  return last;
}

async function readSettled(
  runtime: Pick<StepRuntime, 'documents'>,
  memoKey: Digest,
): Promise<StoredResult | undefined> {
  const last = await lastNumber(runtime, memoKey);
  return last === 0 ? undefined : readStored(runtime.documents, documentOf(memoKey, last));
}

/**
 * The draw of a key, or what a person decided last on it.
 * @throws LineageError SIGNATURE_INVALID, STEP_INVALID, EVIDENCE_INVALID: never drawn again
 */
export async function lookUpSettled(
  runtime: StepRuntime,
  kind: 'drawn' | 'human',
  memoKey: Digest,
): Promise<MemoHit | 'absent'> {
  const stored =
    kind === 'drawn'
      ? await readStored(runtime.documents, documentOf(memoKey, FIRST))
      : await readSettled(runtime, memoKey);
  return stored === undefined ? 'absent' : verifyStored(runtime, memoKey, stored);
}

/** Stores a draw; the first stands, and the loser of a race gets it. */
export async function settleDraw(
  runtime: StepRuntime,
  result: StepResult,
  stored: StoredResult,
): Promise<StepResult> {
  const { memoKey, step } = result;
  const bytes = canonicalBytes(stored);
  if (await runtime.documents.create(documentOf(memoKey, FIRST), bytes)) return result;
  const winner = await lookUpSettled(runtime, 'drawn', memoKey);
  if (winner !== 'absent') return winner.result;
  throw new LineageError('DRAW_CONFLICT', `the stored draw of ${step} cannot be read back`);
}

/** Stores what a person decided after what was decided before on the same; once a run. */
export async function settleDecision(
  runtime: StepRuntime,
  memoKey: Digest,
  stored: StoredResult,
): Promise<void> {
  const bytes = canonicalBytes(stored);
  for (;;) {
    const last = await lastNumber(runtime, memoKey);
    for (let number = 1; number <= last; number += 1) {
      const earlier = await readStored(runtime.documents, documentOf(memoKey, number));
      // A retry of a commit that was cut off after this write.
      if (earlier?.runId === stored.runId && samePayload(earlier, stored)) return;
    }
    // Losing a race to another decision means that the number is taken: look again.
    if (await runtime.documents.create(documentOf(memoKey, last + 1), bytes)) return;
  }
}

const samePayload = (a: StoredResult, b: StoredResult): boolean =>
  a.envelope.payload === b.envelope.payload;

async function recallStored(
  runtime: Pick<StepRuntime, 'memo' | 'documents'>,
  memoKey: Digest,
): Promise<StoredResult | undefined> {
  return (await readMemo(runtime, memoKey)) ?? (await readSettled(runtime, memoKey));
}

/**
 * The result stored for `memoKey` with its origin, its signature checked; undefined when there is none.
 * @throws LineageError SIGNATURE_INVALID, STEP_INVALID
 */
export async function recallOrigin(
  runtime: Pick<StepRuntime, 'memo' | 'documents' | 'trustedKeys'>,
  memoKey: Digest,
): Promise<MemoHit | undefined> {
  const stored = await recallStored(runtime, memoKey);
  return stored && verifyStored(runtime, memoKey, stored);
}

/** The result stored for `memoKey`, as `recallOrigin` finds it. */
export async function recallResult(
  runtime: StepRuntime,
  memoKey: Digest,
): Promise<StepResult | undefined> {
  return (await recallOrigin(runtime, memoKey))?.result;
}
