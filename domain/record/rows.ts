import type { RejectReason } from '../../schemas/index.js';

export type { RejectReason } from '../../schemas/index.js';

/** Where a row begins and what it was. `row` counts from 1; a CSV header is row 1. */
export interface RowPlace {
  readonly row: number;
  /**
   * Of the row's first byte in the file's text: after decompression and conversion to UTF-8, a
   * UTF-8 byte order mark counted. For Parquet, where the row group begins.
   */
  readonly byteOffset: number;
  /**
   * The row without its line end, cut off at the size limit; for Parquet the mapped columns as
   * JSON. May be a view of a larger buffer: whoever keeps it copies it.
   */
  readonly raw: Uint8Array;
}

/** Why and where inside the row. `expected` is written by this code, never taken from the row. */
export interface Rejection {
  readonly reason: RejectReason;
  /** JSON pointer inside the row (for CSV: `/` and the column name). */
  readonly pointer: string;
  readonly expected: string;
}

export type ParsedRow =
  | (RowPlace & { readonly kind: 'value'; readonly value: Readonly<Record<string, unknown>> })
  | (RowPlace & { readonly kind: 'bad'; readonly rejection: Rejection })
  | (RowPlace & { readonly kind: 'blank' });

/** A row of one of a source's files; `file` counts from 1 in the order in which they are read. */
export type FileRow = ParsedRow & { readonly file: number };

export interface ReadOptions {
  /** Rows above this many bytes are quarantined, cut off; at most this much of a file is held. */
  readonly maxRowBytes: number;
}

/** A reader that is fed with the bytes of one file and gives its rows as they become complete. */
export interface RowParser {
  push(chunk: Uint8Array): Iterable<ParsedRow>;
  /** The rows that only the file's end completes. */
  end(): Iterable<ParsedRow>;
}

export const DEFAULT_MAX_ROW_BYTES = 16 * 1024 * 1024;

export function rejection(reason: RejectReason, expected: string, pointer = ''): Rejection {
  return { reason, pointer, expected };
}

export function badRow({ row, byteOffset, raw }: RowPlace, why: Rejection): ParsedRow {
  return { row, byteOffset, raw, kind: 'bad', rejection: why };
}

export function tooLargeRow(place: RowPlace, maxRowBytes: number): ParsedRow {
  return badRow(place, rejection('ROW_TOO_LARGE', `at most ${String(maxRowBytes)} bytes`));
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The row's text, or why it is not text that a record may hold. */
export function decodeRow(raw: Uint8Array): string | Rejection {
  if (raw.includes(0)) return rejection('NUL_BYTE', 'text without NUL bytes');
  try {
    return decoder.decode(raw);
  } catch {
    return rejection(
      'NOT_UTF8',
      'text in the encoding of the file, UTF-8 unless the run file says',
    );
  }
}

/** Strips the UTF-8 byte order mark from a file's first bytes. */
export function withoutMark(bytes: Uint8Array): Uint8Array {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return marked ? bytes.subarray(3) : bytes;
}
