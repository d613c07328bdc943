import { countMembers, MAX_JSON_DEPTH, scanJson } from './json-structure.js';
import { badRow, decodeRow, rejection, type ParsedRow, type RowPlace } from './rows.js';

/** JSON's own white space; a line of nothing else is blank. */
const BLANK = /^[ \t\r\n]*$/;

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One JSON object, or why the bytes are none. @param expected of bytes that are no JSON */
export function parseJsonRow(place: RowPlace, expected: string): ParsedRow {
  const text = decodeRow(place.raw);
  if (typeof text !== 'string') return badRow(place, text);
  if (BLANK.test(text)) return { ...place, kind: 'blank' };
  const { members, depth } = scanJson(text);
  if (depth > MAX_JSON_DEPTH) {
    return badRow(place, rejection('JSON_TOO_DEEP', `at most ${String(MAX_JSON_DEPTH)} levels`));
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes the row: only the code leaves.
    return badRow(place, rejection('NOT_JSON', expected));
  }
  if (!isObject(value)) return badRow(place, rejection('NOT_AN_OBJECT', 'a JSON object'));
  if (countMembers(value) !== members) {
    return badRow(place, rejection('MEMBER_REPEATED', 'every member of an object once'));
  }
  return { ...place, kind: 'value', value };
}
