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
