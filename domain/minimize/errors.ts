export type MinimizeErrorCode = 'SKETCH_INVALID' | 'RECORD_UNDECIDED' | 'RECORD_REPEATED';

/** What is wrong with sketches or decisions. Messages name record ids and counts only. */
export class MinimizeError extends Error {
  constructor(
    readonly code: MinimizeErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'MinimizeError';
  }
}
