import { LineFramer, type Line } from './frame-lines.js';
import { parseJsonRow } from './json-row.js';
import { tooLargeRow, type ParsedRow, type ReadOptions, type RowParser } from './rows.js';

/**
 * Rows of a JSON Lines file (LF or CR LF, an optional byte order mark). Never throws for what the
 * file holds: a row that cannot be read is a `bad` row with a literal reason.
 */
export function parseJsonl({ maxRowBytes }: ReadOptions): RowParser {
  const framer = new LineFramer(maxRowBytes);
  const parse = ({ row, byteOffset, raw, tooLarge }: Line): ParsedRow => {
    const place = { row, byteOffset, raw };
    return tooLarge
      ? tooLargeRow(place, maxRowBytes)
      : parseJsonRow(place, 'one JSON object a line');
  };
  return {
    *push(chunk) {
      for (const line of framer.push(chunk)) yield parse(line);
    },
    *end() {
      for (const line of framer.end()) yield parse(line);
    },
  };
}
