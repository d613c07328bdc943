/** What went wrong in the embedded servers; callers branch on it. */
export type LocalErrorCode =
  | 'data-dir'
  | 'config-corrupt'
  | 'store-mismatch'
  | 'locked'
  | 'cancelled'
  | 'binary-missing'
  | 'binary-unusable'
  | 'binary-mismatch'
  | 'build-failed'
  | 'download-failed'
  | 'port'
  | 'supervisor'
  | 'not-ready'
  | 'not-running'
  | 'stop-failed';

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
