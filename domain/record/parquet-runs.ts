import type { ColumnMetaData, FileMetaData, SchemaTree } from 'hyparquet';
import { parquetSchema } from 'hyparquet';

/** Runs may be padded: a group has 8 values, and some writers fill the last few. */
const PADDING = 512;

/** Encodings of values (parquet-format, Encodings.md) that begin with runs. */
const DICTIONARY: readonly number[] = [2, 8];
const RLE = 3;

/** How deep a column's levels go; none means that they are not written. */
export interface LevelWidths {
  readonly repetition: number;
  readonly definition: number;
}

const bitsFor = (highest: number): number => 32 - Math.clz32(highest);

/** Bits of a column's levels, by the path to it in the schema. */
export function levelWidths(metadata: FileMetaData, chunk: ColumnMetaData): LevelWidths {
  let node: SchemaTree | undefined = parquetSchema(metadata);
  let [repeated, optional] = [0, 0];
  for (const name of chunk.path_in_schema) {
    node = node.children.find(({ element }) => element.name === name);
    if (node === undefined) throw new RangeError('a column that the schema does not have');
    const { repetition_type: type } = node.element;
    if (type === 'REPEATED') repeated += 1;
    if (type !== 'REQUIRED') optional += 1;
  }
  return { repetition: bitsFor(repeated), definition: bitsFor(optional) };
}

/**
 * Walks runs of the RLE and bit-packing hybrid without unpacking them. A run may claim two billion
 * values in five bytes, and a decoder would write them all.
 * @throws RangeError for a run that is longer than the page
 */
function checkRuns(bytes: Uint8Array, width: number, values: number): void {
  if (width === 0) return;
  if (width > 32) throw new RangeError('a width above 32 bits');
  const valueBytes = Math.ceil(width / 8);
  let [at, seen] = [0, 0];
  while (seen < values && at < bytes.length) {
    let [header, shift, byte] = [0, 0, 0x80];
    while (byte >= 0x80) {
      if (at >= bytes.length || shift > 28) throw new RangeError('a run without a length');
      byte = bytes[at] as number;
      header += (byte & 0x7f) * 2 ** shift;
      at += 1;
      shift += 7;
    }
    const packed = header % 2 === 1;
    const half = Math.floor(header / 2);
    const count = packed ? half * 8 : half;
    if (count > values - seen + PADDING) throw new RangeError('a run longer than its page');
    seen += count;
    at += packed ? half * width : valueBytes;
  }
}

/** What a page's header says that its body has to be walked by. */
export interface PageShape {
  readonly encoding: number;
  readonly values: number;
  readonly isBoolean: boolean;
  readonly widths: LevelWidths;
}

const KINDS = ['repetition', 'definition'] as const;

/** Walks runs from an offset on. A decoder minds the count, not the length before the runs. */
function walk(page: Uint8Array, at: number, width: number, values: number): void {
  if (at > page.length) throw new RangeError('levels reach beyond the page');
  checkRuns(page.subarray(at), width, values);
}

/** Walks dictionary indices behind the byte of their width. */
function checkIndices(page: Uint8Array, at: number, values: number): void {
  const width = page[at] ?? 0;
  // Of width 0 nothing is read: all values are the first of the dictionary.
  if (width > 0) walk(page, at + 1, width, values);
}

/** Walks all runs of a data page of version 1, decompressed. @throws RangeError */
export function checkPageRuns(page: Uint8Array, shape: PageShape): void {
  const { encoding, values, widths, isBoolean } = shape;
  let at = 0;
  for (const kind of KINDS) {
    if (widths[kind] === 0) continue;
    walk(page, at + 4, widths[kind], values);
    at += 4 + Buffer.from(page.subarray(at, at + 4)).readUInt32LE(0);
  }
  if (at > page.length) throw new RangeError('levels reach beyond the page');
  if (!DICTIONARY.includes(encoding) && encoding !== RLE) return;
  if (isBoolean) walk(page, at + 4, 1, values);
  else checkIndices(page, at, values);
}

/** Walks the levels of a data page of version 2, which are never compressed. */
export function checkLevelRuns(
  levels: Uint8Array,
  repetitionBytes: number,
  { values, widths }: PageShape,
): void {
  walk(levels, 0, widths.repetition, values);
  walk(levels, repetitionBytes, widths.definition, values);
}

/** Walks the values of a data page of version 2, decompressed. */
export function checkValueRuns(page: Uint8Array, { encoding, values }: PageShape): void {
  if (encoding === RLE) walk(page, 4, 1, values);
  else if (DICTIONARY.includes(encoding)) checkIndices(page, 0, values);
}
