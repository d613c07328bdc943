import type { QuarantineEntry } from '../../schemas/index.js';

/** Why a row went to quarantine; the literal codes of the quarantine-entry schema. */
export type RejectReason = QuarantineEntry['reason'];

/** Where a row begins and what it was, byte for byte. `row` counts from 1; a CSV header is row 1. */
export interface RowPlace {
  readonly row: number;
  /** Of the row's first byte in the file, a byte order mark counted. */
  readonly byteOffset: number;
  /** The row without its line end; cut off at the size limit when the row is too large. */
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

export const DEFAULT_MAX_ROW_BYTES = 16 * 1024 * 1024;

export function rejection(reason: RejectReason, expected: string, pointer = ''): Rejection {
  return { reason, pointer, expected };
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The row's text, or why it is not text that a record may hold. */
export function decodeRow(raw: Uint8Array): string | Rejection {
  if (raw.includes(0)) return rejection('NUL_BYTE', 'text without NUL bytes');
  try {
    return decoder.decode(raw);
  } catch {
    return rejection('NOT_UTF8', 'UTF-8');
  }
}
