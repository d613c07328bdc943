import type { ColumnMetaData, Compressors, RowGroup } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { RecordError } from './errors.js';
import { PARQUET_LIMITS } from './limits.js';
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

const number = (fields: ThriftFields | undefined, id: number): number => {
  const value = fields?.get(id);
  return typeof value === 'number' ? value : 0;
};

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

/**
 * Walks the headers of a column chunk's pages (parquet-format, PageHeader) before anything is
 * decoded: a header may claim billions of values, for which a decoder makes room at once.
 * @throws RecordError SOURCE_LIMIT; RangeError when the headers cannot be read
 */
export function checkPages(bytes: Uint8Array): void {
  let [values, plain] = [0, 0];
  for (let at = 0; at < bytes.length - 1;) {
    const reader = new ThriftReader(bytes, at);
    const header = reader.struct();
    const body = [5, 7, 8].map((id) => struct(header, id)).find((page) => page !== undefined);
    const pageBytes = number(header, 2);
    const stored = number(header, 3);
    if (stored < 0 || pageBytes < 0 || number(body, 1) < 0) throw new RangeError('a negative size');
    if (pageBytes > maxPageBytes) throw beyond('the size of a page', pageBytes, maxPageBytes);
    values += number(body, 1);
    plain += pageBytes;
    if (values > maxColumnValues) throw beyond('the values of a column', values, maxColumnValues);
    if (plain > maxRowGroupBytes) throw beyond('the size of a column', plain, maxRowGroupBytes);
    at = reader.at + stored;
  }
}
