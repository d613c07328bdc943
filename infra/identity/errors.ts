export type IdentityErrorCode =
  | 'IDENTITY_INVALID'
  | 'IDENTITY_EXISTS'
  | 'IDENTITY_UNKNOWN'
  | 'IDENTITY_CORRUPT'
  | 'PASSPHRASE_WRONG';

/** Error of this room. Never quotes a passphrase or a key. */
export class IdentityError extends Error {
  override readonly name = 'IdentityError';

  constructor(
    readonly code: IdentityErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}
