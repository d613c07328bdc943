import { frameLines, type Line } from './frame-lines.js';
import { decodeRow, rejection, type ParsedRow, type ReadOptions } from './rows.js';

/** JSON's own white space; a line of nothing else is blank. */
const BLANK = /^[ \t\r\n]*$/;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseLine({ row, byteOffset, raw, tooLarge }: Line, maxRowBytes: number): ParsedRow {
  const place = { row, byteOffset, raw };
  if (tooLarge) {
    const expected = `at most ${String(maxRowBytes)} bytes`;
    return { ...place, kind: 'bad', rejection: rejection('ROW_TOO_LARGE', expected) };
  }
  const text = decodeRow(raw);
  if (typeof text !== 'string') return { ...place, kind: 'bad', rejection: text };
  if (BLANK.test(text)) return { ...place, kind: 'blank' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes the row: only the code leaves.
    return { ...place, kind: 'bad', rejection: rejection('NOT_JSON', 'one JSON object a line') };
  }
  if (!isObject(value)) {
    return { ...place, kind: 'bad', rejection: rejection('NOT_AN_OBJECT', 'a JSON object') };
  }
  return { ...place, kind: 'value', value };
}

/**
 * Rows of a JSON Lines file (UTF-8, LF or CR LF, an optional byte order mark). Never throws for
 * what the file holds: a row that cannot be read is a `bad` row with a literal reason.
 */
export async function* readJsonl(
  chunks: AsyncIterable<Uint8Array>,
  options: ReadOptions,
): AsyncGenerator<ParsedRow> {
  for await (const line of frameLines(chunks, options)) yield parseLine(line, options.maxRowBytes);
}
