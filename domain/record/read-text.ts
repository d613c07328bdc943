import { BoundedBytes } from './bounded-bytes.js';
import {
  badRow,
  decodeRow,
  tooLargeRow,
  withoutMark,
  type ReadOptions,
  type RowParser,
} from './rows.js';

/** A text file as one row with the field `text`. */
export function parseText({ maxRowBytes }: ReadOptions): RowParser {
  const bytes = new BoundedBytes(maxRowBytes);
  return {
    push(chunk) {
      bytes.add(chunk);
      return [];
    },
    *end() {
      const tooLarge = bytes.sizeBytes > maxRowBytes;
      const place = { row: 1, byteOffset: 0, raw: withoutMark(bytes.take()) };
      const text = decodeRow(place.raw);
      if (tooLarge) yield tooLargeRow(place, maxRowBytes);
      else if (typeof text !== 'string') yield badRow(place, text);
      else yield { ...place, kind: 'value', value: { text } };
    },
  };
}
