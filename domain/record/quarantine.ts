import type { Policy, QuarantineEntry, RejectReason, SourceManifest } from '../../schemas/index.js';
import type { CompiledSource } from './compile-source.js';
import type { Correction } from './corrections.js';
import { isObject, parseJsonRow } from './json-row.js';
import { mapRow } from './map-row.js';
import { decodeRow, rejection, type Rejection } from './rows.js';

/** Every reason; the compiler holds the table to the schema's list. */
const REASONS: Readonly<Record<RejectReason, true>> = {
  NOT_UTF8: true,
  NUL_BYTE: true,
  ROW_TOO_LARGE: true,
  NOT_JSON: true,
  NOT_AN_OBJECT: true,
  JSON_TOO_DEEP: true,
  MEMBER_REPEATED: true,
  CSV_QUOTES: true,
  CSV_COLUMNS: true,
  FIELD_MISSING: true,
  FIELD_NOT_TEXT: true,
  FIELD_EMPTY: true,
  LONE_SURROGATE: true,
  ROLE_UNKNOWN: true,
  ROLES_NOT_ALTERNATING: true,
  NO_ANSWER: true,
  TOO_SHORT: true,
  TOO_LONG: true,
  KEY_MISSING: true,
  KEY_NOT_EXACT: true,
  KEY_REPEATED: true,
  CORRECTION_INVALID: true,
  CORRECTION_UNMATCHED: true,
};

export const REJECT_REASONS = Object.keys(REASONS) as RejectReason[];

/**
 * A quarantined row as `custos quarantine export` writes it and `reingest` reads it back: its place,
 * why it was refused, what it was, and the row as it should be, which a person fills in.
 */
export interface QuarantinedRow extends QuarantineEntry {
  /** The file's name within its source, for the person only. */
  readonly name: string;
  readonly digest: string;
  /** The row's text; its bytes in base64 where it is not UTF-8. */
  readonly raw: string;
  readonly base64?: true;
  /** The row as members by name; null until somebody writes it. */
  readonly value: Readonly<Record<string, unknown>> | null;
}

/** What a row of an object format is already, so that only its fault has to be mended. */
function readable(raw: Uint8Array): Readonly<Record<string, unknown>> | null {
  const row = parseJsonRow({ row: 1, byteOffset: 0, raw }, 'JSON');
  return row.kind === 'value' ? row.value : null;
}

export function quarantinedRow(
  entry: QuarantineEntry,
  raw: Uint8Array,
  manifest: SourceManifest | undefined,
): QuarantinedRow {
  // The file after the last is that of the corrections.
  const file = manifest?.files[entry.file - 1] ?? manifest?.corrections;
  const text = decodeRow(raw);
  return {
    ...entry,
    name: file?.name ?? '',
    digest: file?.digest ?? '',
    ...(typeof text === 'string'
      ? { raw: text }
      : { raw: Buffer.from(raw).toString('base64'), base64: true }),
    value: readable(raw),
  };
}

/** How many rows of a reason. */
export function countReasons(
  entries: readonly Pick<QuarantineEntry, 'reason'>[],
): Partial<Record<RejectReason, number>> {
  const counts: Partial<Record<RejectReason, number>> = {};
  for (const { reason } of entries) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

/** A line of an edited export: a correction, why it is none, or undefined for a row left as it is. */
export function judgeCorrection(
  line: Readonly<Record<string, unknown>>,
  source: CompiledSource,
  limits: Pick<Policy['ingest'], 'minContentChars' | 'maxContentChars'>,
): Correction | Rejection | undefined {
  const { digest, row, value } = line;
  if (value === null || value === undefined) return undefined;
  if (typeof digest !== 'string' || !Number.isSafeInteger(row) || !isObject(value)) {
    return rejection('CORRECTION_INVALID', 'digest and row as exported, and value an object');
  }
  const mapped = mapRow(source, value, limits);
  return 'reason' in mapped ? mapped : { digest, row: row as number, value };
}
