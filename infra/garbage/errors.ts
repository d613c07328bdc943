/** Why a collection of garbage ended before it removed anything. */
export type GarbageErrorCode = 'ROOTS_UNREADABLE' | 'HOLD_INVALID';

/** Error of this room; it names digests, runs and documents, never what is in them. */
export class GarbageError extends Error {
  override readonly name = 'GarbageError';

  constructor(
    readonly code: GarbageErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}
