import { parquetMetadata, parquetScan, parquetSchema, type FileMetaData } from 'hyparquet';
import { RecordError } from './errors.js';
import { PARQUET_LIMITS } from './limits.js';
import { checkPages, checkRowGroup, chunksOf, GUARDED_COMPRESSORS } from './parquet-guard.js';
import { levelWidths } from './parquet-runs.js';
import { STRICT_PARSERS, toJsonRow } from './parquet-values.js';
import { badRow, rejection, tooLargeRow, type ParsedRow, type ReadOptions } from './rows.js';
import type { SourceFile } from './source-files.js';

const TAIL_BYTES = 8;

/** The library's own words may quote what they choked on. */
function corrupt(problem: string): RecordError {
  return new RecordError('SOURCE_CORRUPT', `${problem}; copy or write the file again`);
}

/** A fault of the file's own reader, carried through the library unchanged. */
class ReadFailed extends Error {}

/** Runs the library: what it throws becomes a code. */
async function guarded<T>(problem: string, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ReadFailed) throw error.cause;
    throw error instanceof RecordError ? error : corrupt(problem);
  }
}

type ReadRange = SourceFile['readRange'];

const marked =
  (file: SourceFile): ReadRange =>
  (start, end) =>
    file.readRange(start, end).catch((cause: unknown) => {
      throw new ReadFailed('the file cannot be read', { cause });
    });

const copyOf = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

async function readFooter(file: SourceFile): Promise<FileMetaData> {
  const { sizeBytes } = file;
  if (sizeBytes < TAIL_BYTES + 4) throw corrupt('the Parquet file is cut off');
  const tail = Buffer.from(await file.readRange(sizeBytes - TAIL_BYTES, sizeBytes));
  if (tail.toString('latin1', 4) !== 'PAR1') throw corrupt('the Parquet file has no footer');
  const footerBytes = tail.readUInt32LE(0);
  if (footerBytes > sizeBytes - TAIL_BYTES - 4) throw corrupt('the Parquet footer is cut off');
  if (footerBytes > PARQUET_LIMITS.maxFooterBytes) {
    throw new RecordError('SOURCE_LIMIT', `the Parquet footer has ${String(footerBytes)} bytes`);
  }
  const footer = await file.readRange(sizeBytes - TAIL_BYTES - footerBytes, sizeBytes);
  return guarded('the Parquet footer cannot be read', () =>
    parquetMetadata(copyOf(footer), { geoparquet: false, parsers: STRICT_PARSERS }),
  );
}

/** The file's columns that are mapped. @throws RecordError SOURCE_HEADER when one is missing */
function columnsOf(metadata: FileMetaData, wanted: readonly string[]): string[] {
  if (!Array.isArray(metadata.row_groups)) throw corrupt('the Parquet footer has no row groups');
  const names = parquetSchema(metadata).children.map(({ element }) => element.name);
  const missing = wanted.filter((name) => !names.includes(name));
  if (missing.length === 0) return [...new Set(wanted)];
  const named = missing.map((name) => `"${name}"`).join(', ');
  throw new RecordError(
    'SOURCE_HEADER',
    `the file has no column ${named}, which the run file maps; mend the mapping`,
  );
}

type Columns = ReadonlyMap<string, ArrayLike<unknown>>;

/** One row group's mapped columns. */
async function readGroup(
  { sizeBytes }: SourceFile,
  readRange: ReadRange,
  metadata: FileMetaData,
  columns: string[],
  group: { readonly index: number; readonly rowStart: number; readonly rowEnd: number },
): Promise<Columns> {
  const rowGroup = metadata.row_groups[group.index] as FileMetaData['row_groups'][number];
  const chunks = chunksOf(rowGroup, columns);
  checkRowGroup(rowGroup, chunks);
  for (const chunk of chunks) {
    const start = Number(chunk.dictionary_page_offset ?? chunk.data_page_offset);
    const end = start + Number(chunk.total_compressed_size);
    if (!(start >= 4 && end <= sizeBytes)) throw corrupt('a column lies outside of the file');
    checkPages(await readRange(start, end), chunk, levelWidths(metadata, chunk));
  }
  const { rowStart, rowEnd } = group;
  const scan = await parquetScan({
    file: {
      byteLength: sizeBytes,
      slice: async (from, to = sizeBytes) => copyOf(await readRange(from, to)),
    },
    metadata,
    columns,
    rowStart,
    rowEnd,
    compressors: GUARDED_COMPRESSORS,
    parsers: STRICT_PARSERS,
    useOffsetIndex: false,
  });
  const read = new Map<string, ArrayLike<unknown>>();
  for (const column of columns) {
    const values = await scan.readColumn({ column, rowStart, rowEnd });
    if (values.length !== rowEnd - rowStart) throw corrupt('a column has too few values');
    read.set(column, values);
  }
  return read;
}

function toRow(
  columns: Columns,
  at: number,
  place: { readonly row: number; readonly byteOffset: number },
  { maxRowBytes }: ReadOptions,
): ParsedRow {
  const value = toJsonRow([...columns].map(([name, values]) => [name, values[at]] as const));
  if (value === undefined) {
    const raw = new Uint8Array(0);
    return badRow({ ...place, raw }, rejection('NOT_UTF8', 'strings in UTF-8'));
  }
  const raw = Buffer.from(JSON.stringify(value), 'utf8');
  if (raw.length <= maxRowBytes) return { ...place, raw, kind: 'value', value };
  return tooLargeRow({ ...place, raw: raw.subarray(0, maxRowBytes) }, maxRowBytes);
}

/**
 * Rows of a Parquet file, row group after row group; only the mapped columns are read, and a row
 * group's columns are held at once.
 * @param columns top-level columns that the file must have
 * @throws RecordError SOURCE_HEADER, SOURCE_CORRUPT, SOURCE_LIMIT
 */
export async function* readParquet(
  file: SourceFile,
  options: ReadOptions,
  columns: readonly string[],
): AsyncGenerator<ParsedRow> {
  const metadata = await readFooter(file);
  const wanted = await guarded('the Parquet schema cannot be read', () =>
    columnsOf(metadata, columns),
  );
  let rowStart = 0;
  for (const [index, group] of metadata.row_groups.entries()) {
    const place = `row group ${String(index + 1)} of the Parquet file cannot be read`;
    const rowEnd = rowStart + Number(group.num_rows);
    if (!(rowEnd >= rowStart)) throw corrupt(place);
    const range = { index, rowStart, rowEnd };
    const read = await guarded(place, () => readGroup(file, marked(file), metadata, wanted, range));
    const byteOffset = Number(group.columns[0]?.meta_data?.data_page_offset ?? 0);
    for (let at = 0; at < rowEnd - rowStart; at += 1) {
      yield toRow(read, at, { row: rowStart + at + 1, byteOffset }, options);
    }
    rowStart = rowEnd;
  }
}
