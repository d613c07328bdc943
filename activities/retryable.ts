/** Tried again until the attempts of the workflow's policy are used up, a few times, or not at all. */
type Retry = 'always' | 'briefly' | 'never';

/** Attempts of an activity whose failure may be a passing one, but is more likely to stay. */
export const BRIEF_ATTEMPTS = 3;

/** Errors that are dealt with alike, and why. */
interface ErrorClass {
  readonly retry: Exclude<Retry, 'never'>;
  readonly codes: readonly string[];
  readonly reason: string;
}

/**
 * The one table of what is tried again. A code that is not in it is not: a wrong input, a refusal
 * and a fault of the program stay what they are. S3's own codes never get here: the store's driver
 * retries within a request, then says STORE_*. docs/operations.md explains the classes to people.
 */
export const ERROR_CLASSES: readonly ErrorClass[] = [
  {
    retry: 'always',
    codes: ['STORE_UNAVAILABLE', 'LEDGER_UNAVAILABLE', 'SOURCE_UNAVAILABLE'],
    reason: 'the object store is down, slow or answers 5xx; it comes back',
  },
  {
    retry: 'always',
    codes: ['STORE_FULL', 'ENOSPC', 'EDQUOT'],
    reason: 'somebody frees space while the run waits; what is stored already is found again',
  },
  {
    retry: 'always',
    codes: ['STORE_LEASED', 'EBUSY', 'EAGAIN'],
    reason: 'another process holds what is needed; a lease ends by itself',
  },
  {
    retry: 'always',
    codes: [
      ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN'],
      ...['EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'ERR_STREAM_PREMATURE_CLOSE'],
    ],
    reason: 'the network or the other side went away in the middle',
  },
  {
    retry: 'always',
    codes: ['EMFILE', 'ENFILE', 'ENOMEM'],
    reason: 'this machine has no handles or memory left at the moment; other work ends',
  },
  {
    retry: 'always',
    codes: ['THREAD_STALLED', 'THREAD_LOST'],
    reason: 'the machine swapped or its disk hung; the last checkpoint makes another try cheap',
  },
  {
    retry: 'briefly',
    codes: ['THREAD_FAILED', 'OUT_OF_MEMORY'],
    reason: 'a native crash or a neighbour took the memory; a checkpoint makes another try cheap',
  },
  {
    retry: 'briefly',
    codes: [
      'ARTIFACT_CORRUPT',
      'STORE_CORRUPT',
      'EVIDENCE_INVALID',
      'LEDGER_BROKEN',
      'EIO',
      'ESTALE',
    ],
    reason:
      'bytes may be damaged on the way; damaged at rest they stay so, and the run must say it',
  },
  {
    retry: 'briefly',
    codes: ['STORE_DENIED', 'ENOTFOUND', 'KEY_UNAVAILABLE'],
    reason: 'credentials, names and keys are being rotated; a wrong setting stays wrong',
  },
];

const BY_CODE: ReadonlyMap<string, Retry> = new Map(
  ERROR_CLASSES.flatMap(({ retry, codes }) => codes.map((code) => [code, retry] as const)),
);

export const retryOf = (code: string): Retry => BY_CODE.get(code) ?? 'never';

/** Whether an activity that failed with `code` in its `attempt` (from 1) may be tried again. */
export function isRetryable(code: string, attempt: number): boolean {
  const retry = retryOf(code);
  return retry === 'always' || (retry === 'briefly' && attempt < BRIEF_ATTEMPTS);
}
