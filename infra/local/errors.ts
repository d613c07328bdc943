/** What went wrong in the embedded servers; callers branch on it. */
export type LocalErrorCode =
  | 'DATA_DIR_INVALID'
  | 'CONFIG_CORRUPT'
  | 'STORE_MISMATCH'
  | 'LOCKED'
  | 'CANCELLED'
  | 'BINARY_MISSING'
  | 'BINARY_UNUSABLE'
  | 'BINARY_MISMATCH'
  | 'BUILD_FAILED'
  | 'DOWNLOAD_FAILED'
  | 'PORT_UNAVAILABLE'
  | 'SUPERVISOR_FAILED'
  | 'NOT_READY'
  | 'NOT_RUNNING'
  | 'STOP_FAILED';

/** Error of this room. The message says what, where and what to do; it never quotes a log or a parser. */
export class LocalError extends Error {
  override readonly name = 'LocalError';

  constructor(
    readonly code: LocalErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}

/** The `code` of a Node system error (`ENOENT`, `EADDRINUSE`, ...), or undefined. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
