export type RedactErrorCode =
  'ENTITY_UNKNOWN' | 'RECOGNIZER_INVALID' | 'SPANS_INVALID' | 'TAGGER_MISSING' | 'KEY_MISSING';

/** A policy or a span list that cannot be applied. Messages hold types and offsets, never text. */
export class RedactError extends Error {
  constructor(
    readonly code: RedactErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'RedactError';
  }
}
