export type NameModelErrorCode =
  'NAME_MODEL_MISSING' | 'NAME_MODEL_CORRUPT' | 'NAME_MODEL_UNRUNNABLE' | 'NAME_MODEL_UNUSED';

/** A model of names that cannot be used; nothing is redacted without it. */
export class NameModelError extends Error {
  constructor(
    readonly code: NameModelErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'NameModelError';
  }
}

/** What a thread of the pool refused, by its own code. */
export class RedactThreadError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'RedactThreadError';
  }
}

export type VaultFileErrorCode = 'VAULT_KEY_WRONG' | 'VAULT_ALTERED' | 'VAULT_MISMATCH';

/** A vault that does not open, or that is not the text's. Messages hold offsets, never text. */
export class VaultFileError extends Error {
  constructor(
    readonly code: VaultFileErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'VaultFileError';
  }
}
