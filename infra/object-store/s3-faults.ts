import { setTimeout as delay } from 'node:timers/promises';
import { codeOf, StoreError, type StoreErrorCode, type StorePlace } from './errors.js';

const DENIED = 'The store refused the request; check the access key, its secret and its policy';
const DAMAGED = 'The body that arrived is not the one that was sent; nothing was stored';
const FULL = 'The store is full; free some space or raise its quota';

/** Answers of an S3 server that no retry changes. */
const FINAL: Readonly<Record<string, readonly [StoreErrorCode, string]>> = {
  AccessDenied: ['STORE_DENIED', DENIED],
  AllAccessDisabled: ['STORE_DENIED', DENIED],
  InvalidAccessKeyId: ['STORE_DENIED', DENIED],
  SignatureDoesNotMatch: ['STORE_DENIED', DENIED],
  ExpiredToken: ['STORE_DENIED', DENIED],
  RequestTimeTooSkewed: [
    'STORE_DENIED',
    'The clocks of the store and of this machine differ; set them',
  ],
  BadDigest: ['STORE_CORRUPT', DAMAGED],
  IncompleteBody: ['STORE_CORRUPT', DAMAGED],
  InvalidDigest: ['STORE_CORRUPT', DAMAGED],
  XAmzContentSHA256Mismatch: ['STORE_CORRUPT', DAMAGED],
  XAmzContentChecksumMismatch: ['STORE_CORRUPT', DAMAGED],
  XMinioStorageFull: ['STORE_FULL', FULL],
  XMinioAdminBucketQuotaExceeded: ['STORE_FULL', FULL],
  EntityTooLarge: ['STORE_INVALID', 'The object is larger than the store takes in one put (5 GiB)'],
  NoSuchBucket: [
    'STORE_INVALID',
    'The bucket is gone; restore it or start with other bucket names',
  ],
  ObjectLocked: ['STORE_WRITE_ONCE', 'The object is locked against deletion'],
};

const TRANSIENT = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ConditionalRequestConflict',
  'InternalError',
  'OperationAborted',
  'RequestTimeout',
  'ServiceUnavailable',
  'SlowDown',
  'SlowDownRead',
  'SlowDownWrite',
  'XMinioServerNotInitialized',
]);

export interface RetryPolicy {
  readonly attempts: number;
  readonly firstDelayMs: number;
}

/**
 * Calls `body` until it succeeds, fails for good, or has been tried `attempts` times; waits twice
 * as long each time, up to half as much again at random.
 * @throws StoreError
 */
export async function withRetries<T>(
  policy: RetryPolicy,
  place: StorePlace,
  body: (attempt: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await body(attempt);
    } catch (error) {
      const last = attempt + 1 >= policy.attempts;
      if (error instanceof StoreError || last || !isTransient(error))
        throw toStoreError(error, place);
      await delay(policy.firstDelayMs * 2 ** attempt * (1 + Math.random() / 2));
    }
  }
}

function isTransient(error: unknown): boolean {
  const code = codeOf(error);
  return (code !== undefined && TRANSIENT.has(code)) || httpStatusOf(error) !== undefined;
}

/** The client reports 408, 429 and 5xx by text alone. */
function httpStatusOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return /Retryable HTTP status: (\d{3})/.exec(error.message)?.[1];
}

function toStoreError(error: unknown, place: StorePlace): StoreError {
  if (error instanceof StoreError) return error;
  const reason = codeOf(error) ?? httpStatusOf(error);
  const final = reason === undefined ? undefined : FINAL[reason];
  if (final !== undefined) return new StoreError(final[0], final[1], place, { cause: error });
  return new StoreError(
    'STORE_UNAVAILABLE',
    `The store failed (${reason ?? 'unknown error'}); check that it runs and can be reached`,
    place,
    { cause: error },
  );
}
