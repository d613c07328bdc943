import type { ColumnMetaData, Compressors, RowGroup } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { RecordError } from './errors.js';
import { PARQUET_LIMITS } from './limits.js';
import { checkLevelRuns, checkPageRuns, checkValueRuns, type LevelWidths } from './parquet-runs.js';
import { ThriftReader, type ThriftFields } from './thrift-header.js';

const { maxRowGroupBytes, maxPageBytes, maxColumnValues } = PARQUET_LIMITS;

function beyond(what: string, value: number, limit: number): RecordError {
  return new RecordError(
    'SOURCE_LIMIT',
    `${what} is ${String(value)}, at most ${String(limit)} is read; write the file with smaller row groups`,
  );
}

/** The library's decompressors, none of which may make more than a page. */
export const GUARDED_COMPRESSORS: Compressors = Object.fromEntries(
  Object.entries(compressors).map(([codec, run]) => [
    codec,
    (input: Uint8Array, outputLength: number): Uint8Array => {
      if (!(outputLength >= 0 && outputLength <= maxPageBytes)) {
        throw beyond('the size of a page', outputLength, maxPageBytes);
      }
      return run(input, outputLength);
    },
  ]),
);

/** A size or count, 32 bits. Where one is missing or wider, decoders differ in what they take it for. */
function size(fields: ThriftFields | undefined, id: number): number {
  const value = fields?.get(id);
  if (typeof value === 'number' && value >= 0 && value < 2 ** 31) return value;
  throw new RangeError('a size is missing or out of range');
}

const struct = (fields: ThriftFields, id: number): ThriftFields | undefined => {
  const value = fields.get(id);
  return typeof value === 'object' ? value : undefined;
};

/** The mapped columns' chunks of a row group. */
export function chunksOf(group: RowGroup, columns: readonly string[]): readonly ColumnMetaData[] {
  return group.columns.flatMap(({ meta_data: meta }) =>
    meta !== undefined && columns.includes(meta.path_in_schema[0] ?? '') ? [meta] : [],
  );
}

/** Refuses a row group by what the footer says of it. @throws RecordError SOURCE_LIMIT */
export function checkRowGroup(group: RowGroup, chunks: readonly ColumnMetaData[]): void {
  const rows = Number(group.num_rows);
  if (rows > maxColumnValues) throw beyond('the rows of a row group', rows, maxColumnValues);
  const plain = chunks.reduce((sum, chunk) => sum + Number(chunk.total_uncompressed_size), 0);
  const stored = chunks.reduce((sum, chunk) => sum + Number(chunk.total_compressed_size), 0);
  const bytes = Math.max(plain, stored);
  if (bytes > maxRowGroupBytes) throw beyond('the size of a row group', bytes, maxRowGroupBytes);
}

/** Types of pages, and the field of the header that describes each (parquet-format, PageHeader). */
const PAGE = { data: 0, dictionary: 2, dataV2: 3 };
const BODY: ReadonlyMap<number, number> = new Map([
  [PAGE.data, 5],
  [PAGE.dictionary, 7],
  [PAGE.dataV2, 8],
]);
const DELTA_BYTE_ARRAY = 7;

interface Page {
  readonly type: number;
  readonly body: ThriftFields;
  readonly values: number;
  readonly plainBytes: number;
  readonly stored: Uint8Array;
}

/** The pages of a column chunk, headers read and bodies untouched. @throws RangeError */
function* pagesOf(bytes: Uint8Array): Generator<Page> {
  for (let at = 0; at < bytes.length - 1;) {
    const reader = new ThriftReader(bytes, at);
    const header = reader.struct();
    const type = size(header, 1);
    const body = struct(header, BODY.get(type) ?? 0);
    if (body === undefined) throw new RangeError('a page of an unknown type');
    const next = reader.at + size(header, 3);
    if (next > bytes.length) throw new RangeError('a page reaches beyond its column');
    const stored = bytes.subarray(reader.at, next);
    yield { type, body, values: size(body, 1), plainBytes: size(header, 2), stored };
    at = next;
  }
}

function plainOf(stored: Uint8Array, plainBytes: number, codec: ColumnMetaData['codec']) {
  if (codec === 'UNCOMPRESSED') return stored;
  const run = GUARDED_COMPRESSORS[codec];
  if (run === undefined) throw new RangeError('an unknown compression');
  return run(stored, plainBytes);
}

/** Walks a data page's runs. @throws RangeError; RecordError SOURCE_LIMIT */
function checkDataPage(page: Page, { codec, type }: ColumnMetaData, widths: LevelWidths): void {
  const { body, values, stored, plainBytes } = page;
  const isV2 = page.type === PAGE.dataV2;
  const encoding = size(body, isV2 ? 4 : 2);
  if (encoding === DELTA_BYTE_ARRAY) {
    throw new RecordError(
      'SOURCE_LIMIT',
      'the encoding DELTA_BYTE_ARRAY is not read, for it makes any amount of text of a few bytes; write the file with another',
    );
  }
  const shape = { encoding, values, widths, isBoolean: type === 'BOOLEAN' };
  if (!isV2) {
    checkPageRuns(plainOf(stored, plainBytes, codec), shape);
    return;
  }
  if (size(body, 2) > values) throw new RangeError('more nulls than values');
  const [definitionBytes, repetitionBytes] = [size(body, 5), size(body, 6)];
  const levelBytes = definitionBytes + repetitionBytes;
  if (levelBytes > stored.length) throw new RangeError('levels reach beyond the page');
  checkLevelRuns(stored, repetitionBytes, shape);
  const rest = stored.subarray(levelBytes);
  const isCompressed = body.get(7) !== 0;
  const plain = isCompressed ? plainOf(rest, plainBytes - levelBytes, codec) : rest;
  checkValueRuns(plain, shape);
}

/**
 * Walks a column chunk's pages before anything is decoded: a header, or a run of a few bytes, may
 * claim billions of values, for which a decoder makes room at once.
 * @throws RecordError SOURCE_LIMIT; RangeError when the pages cannot be read
 */
export function checkPages(bytes: Uint8Array, chunk: ColumnMetaData, widths: LevelWidths): void {
  let [values, plain] = [0, 0];
  for (const page of pagesOf(bytes)) {
    const { plainBytes } = page;
    if (plainBytes > maxPageBytes) throw beyond('the size of a page', plainBytes, maxPageBytes);
    values += page.values;
    plain += plainBytes;
    if (values > maxColumnValues) throw beyond('the values of a column', values, maxColumnValues);
    if (plain > maxRowGroupBytes) throw beyond('the size of a column', plain, maxRowGroupBytes);
    if (page.type !== PAGE.dictionary) checkDataPage(page, chunk, widths);
  }
}
