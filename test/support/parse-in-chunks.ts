import type { ParsedRow, RowParser } from '../../domain/record/rows.js';

/** All rows of the bytes, fed in parts of the given sizes in turn, then the rest at once. */
export function parseInChunks(
  parser: RowParser,
  bytes: Uint8Array,
  ...sizes: readonly number[]
): ParsedRow[] {
  const rows: ParsedRow[] = [];
  const every = sizes.length === 1 ? Math.ceil(bytes.length / Math.max(1, sizes[0] ?? 1)) : 1;
  const parts = Array.from({ length: every }, () => sizes).flat();
  let from = 0;
  for (const size of [...parts, bytes.length]) {
    rows.push(...parser.push(bytes.subarray(from, from + size)));
    from += size;
  }
  return [...rows, ...parser.end()];
}
