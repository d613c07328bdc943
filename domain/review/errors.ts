export type ReviewErrorCode =
  'TOO_MANY_UNCERTAIN' | 'BATCH_INVALID' | 'DECISIONS_REFUSED' | 'RECORD_CHANGED' | 'VALUE_MISSING';

/** Why a batch cannot be made or decisions cannot be applied. Names ids and counts, never text. */
export class ReviewError extends Error {
  constructor(
    readonly code: ReviewErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'ReviewError';
  }
}
