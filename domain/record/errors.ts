export type RecordErrorCode =
  | 'TOO_MANY_BAD_ROWS'
  | 'NO_RECORDS'
  | 'SOURCE_HEADER'
  | 'SOURCE_SPEC'
  | 'SOURCE_FORMAT'
  | 'SOURCE_CORRUPT'
  | 'SOURCE_LIMIT'
  | 'SHARD_INVALID';

/** What stops an ingest or the reading of a shard. Messages hold counts, codes and places, never a value. */
export class RecordError extends Error {
  constructor(
    readonly code: RecordErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'RecordError';
  }
}
