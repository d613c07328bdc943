/** What went wrong at the object store; callers branch on it. */
export type StoreErrorCode =
  | 'STORE_UNAVAILABLE'
  | 'STORE_CORRUPT'
  | 'STORE_DENIED'
  | 'STORE_FULL'
  | 'STORE_INVALID'
  | 'STORE_CONFLICT'
  | 'STORE_NOT_LOCKED'
  | 'STORE_WRITE_ONCE'
  | 'STORE_LEASED';

/** Where it went wrong. Keys hold digests and names, so they may be shown; bodies never are. */
export interface StorePlace {
  readonly endpoint?: string;
  readonly bucket?: string;
  readonly key?: string;
}

/** Error of this room. The message says what, where and what to do; it never quotes an object's body. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly endpoint: string | undefined;
  readonly bucket: string | undefined;
  readonly key: string | undefined;

  constructor(
    readonly code: StoreErrorCode,
    message: string,
    place: StorePlace = {},
    options?: { readonly cause?: unknown },
  ) {
    super(`${message}${describe(place)}`, options);
    this.endpoint = place.endpoint;
    this.bucket = place.bucket;
    this.key = place.key;
  }
}

function describe({ endpoint, bucket, key }: StorePlace): string {
  const path = [bucket, key].filter((part) => part !== undefined).join('/');
  const parts = [endpoint, path].filter((part) => part !== undefined && part !== '');
  return parts.length === 0 ? '' : ` [${parts.join(' ')}]`;
}

/** The `code` of a system or S3 error (`ENOENT`, `NoSuchKey`, ...), or undefined. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
