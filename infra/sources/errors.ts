export type SourceErrorCode = 'SOURCE_MISSING' | 'SOURCE_UNREADABLE' | 'SOURCE_CHANGED';

export class SourceError extends Error {
  constructor(
    readonly code: SourceErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'SourceError';
  }
}
