import type { StepSpec } from '../../policies/index.js';
import {
  check,
  SchemaError,
  validateStepResult,
  type KeyParts,
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
import { digestsOf } from './key-parts.js';
import type { DocumentStore, StepRuntime, TrustedKey } from './ports.js';

/** A stored result: signed, and beside it which run published it from what. */
export interface StoredResult {
  readonly envelope: Envelope;
  readonly runId: string;
  readonly parts: KeyParts;
}

/** A stored result whose signature was verified, and the run that published it. */
export interface MemoHit {
  readonly result: StepResult;
  readonly runId: string;
  readonly parts: KeyParts;
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

/** A stored result as it was written; its signature is not looked at. */
export async function readStored(
  documents: DocumentStore,
  key: string,
): Promise<StoredResult | undefined> {
  const document = await documents.read(key);
  return document && (parseJson(document.bytes, `stored result ${key}`) as StoredResult);
}

export function readMemo(
  { memo }: Pick<StepRuntime, 'memo'>,
  memoKey: Digest,
): Promise<StoredResult | undefined> {
  return readStored(memo, memoDocument(memoKey));
}

/** @throws LineageError SIGNATURE_INVALID, STEP_INVALID when it is not the result of that key */
export async function verifyStored(
  runtime: Pick<StepRuntime, 'trustedKeys'>,
  memoKey: Digest,
  { envelope, runId, parts }: StoredResult,
): Promise<MemoHit> {
  const payload = verifyEnvelope(envelope, await runtime.trustedKeys(), {
    payloadType: RESULT_PAYLOAD_TYPE,
    use: 'worker',
  });
  const where = `stored result ${memoKey}`;
  const result = check(validateStepResult, parseJson(payload, where), where);
  if (result.memoKey !== memoKey) {
    throw new LineageError('STEP_INVALID', `${where} holds the result of another key`);
  }
  return { result, runId, parts };
}

export async function signStored(
  runtime: Pick<StepRuntime, 'signer'>,
  runId: string,
  parts: KeyParts,
  result: StepResult,
): Promise<StoredResult> {
  const envelope = await signEnvelope(runtime.signer, RESULT_PAYLOAD_TYPE, canonicalBytes(result));
  return { envelope, runId, parts };
}

const UNVERIFIED: readonly unknown[] = ['SIGNATURE_INVALID', 'EVIDENCE_INVALID', 'STEP_INVALID'];

/**
 * What the memo holds for a key. An entry that does not verify, such as a damaged one or one by a
 * key that is trusted no more, counts for nothing: the step is computed again and its result put in
 * the place of it.
 */
export async function lookUpMemo(
  runtime: StepRuntime,
  memoKey: Digest,
): Promise<MemoHit | 'absent' | 'unverified'> {
  try {
    const stored = await readMemo(runtime, memoKey);
    if (stored === undefined) return 'absent';
    const hit = await verifyStored(runtime, memoKey, stored);
    remember(runtime, hit, stored.envelope);
    return hit;
  } catch (error) {
    const unverified =
      error instanceof SchemaError ||
      (error instanceof LineageError && UNVERIFIED.includes(error.code));
    if (unverified) return 'unverified';
    throw error;
  }
}

/** Publishes the result of a pure step, over whatever stands under its key. */
export async function publishMemo(
  { memo }: Pick<StepRuntime, 'memo'>,
  result: StepResult,
  stored: StoredResult,
): Promise<void> {
  const key = memoDocument(result.memoKey);
  const bytes = canonicalBytes(stored);
  if (!(await memo.create(key, bytes))) {
    const present = await memo.read(key);
    if (present !== undefined) await memo.replace(key, bytes, present.etag);
  }
  remember({ memo }, { result, runId: stored.runId, parts: stored.parts }, stored.envelope);
}

interface Remembered {
  readonly hit: MemoHit;
  readonly signers: readonly string[];
}

/** Some kilobytes each. */
const MOST_REMEMBERED = 1024;
const remembered = new WeakMap<DocumentStore, Map<Digest, Remembered>>();

function remember(
  { memo }: Pick<StepRuntime, 'memo'>,
  hit: MemoHit,
  { signatures }: Envelope,
): void {
  const hits = remembered.get(memo) ?? new Map<Digest, Remembered>();
  remembered.set(memo, hits);
  const { memoKey } = hit.result;
  hits.delete(memoKey);
  hits.set(memoKey, { hit, signers: signatures.map(({ keyid }) => keyid) });
  const [oldest] = hits.keys();
  if (hits.size > MOST_REMEMBERED && oldest !== undefined) hits.delete(oldest);
}

/**
 * What this process itself signed and published under a key, or verified there, of late, if those who
 * signed it are trusted still. Says nothing of whether the memo holds it still: for who wants the
 * result and not the entry.
 */
export function recallOwn(
  { memo }: Pick<StepRuntime, 'memo'>,
  trusted: readonly Pick<TrustedKey, 'keyId'>[],
  memoKey: Digest,
): MemoHit | undefined {
  const known = remembered.get(memo)?.get(memoKey);
  const isTrusted = (signer: string): boolean => trusted.some(({ keyId }) => keyId === signer);
  return known?.signers.every(isTrusted) === true ? known.hit : undefined;
}
