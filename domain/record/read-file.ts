import type { CompiledSource } from './compile-source.js';
import { detectDialect } from './csv-dialect.js';
import { decodeText, encodingOf } from './decode-text.js';
import { compressionOf, decompress } from './decompress.js';
import { detectFormat, isParquet, refuseForeign, type FileFormat } from './detect-format.js';
import { RecordError } from './errors.js';
import { SAMPLE_BYTES } from './limits.js';
import { peek, type Peeked } from './peek.js';
import { parseCsv } from './read-csv.js';
import { parseJsonArray } from './read-json-array.js';
import { parseJsonl } from './read-jsonl.js';
import { readParquet } from './read-parquet.js';
import { parseText } from './read-text.js';
import { withoutMark, type ParsedRow, type ReadOptions, type RowParser } from './rows.js';
import type { SourceFile } from './source-files.js';

type TextFormat = Exclude<FileFormat, 'parquet'>;
type OpenParser = (source: CompiledSource, options: ReadOptions, sample: Uint8Array) => RowParser;

function openCsv(
  { columns, csv }: CompiledSource,
  options: ReadOptions,
  sample: Uint8Array,
  delimiter: string | undefined,
): RowParser {
  const named = csv.columns === undefined ? columns : [];
  const missing = columns.find((column) => csv.columns?.includes(column) === false);
  if (missing !== undefined) {
    throw new RecordError('SOURCE_HEADER', `"csv.columns" does not name the mapped "${missing}"`);
  }
  const stated = { delimiter, quote: csv.quote };
  const dialect = detectDialect(withoutMark(sample), stated, named);
  return parseCsv({ ...options, dialect, columns, header: csv.columns });
}

/** Text format -> its reader. */
const PARSERS: Readonly<Record<TextFormat, OpenParser>> = {
  jsonl: (_source, options) => parseJsonl(options),
  json: (_source, options) => parseJsonArray(options),
  csv: (source, options, sample) => openCsv(source, options, sample, source.csv.delimiter),
  tsv: (source, options, sample) => openCsv(source, options, sample, '\t'),
  text: (_source, options) => parseText(options),
};

/** The file's text in UTF-8: decompressed, then converted. */
async function openText(file: Peeked, { encoding }: CompiledSource): Promise<Peeked> {
  const compression = compressionOf(file.head);
  const plain =
    compression === undefined
      ? file
      : await peek(decompress(file.chunks, compression), SAMPLE_BYTES);
  refuseForeign(plain.head);
  if (compression !== undefined && isParquet(plain.head)) {
    throw new RecordError('SOURCE_FORMAT', 'a Parquet file cannot be read compressed; unpack it');
  }
  const from = encodingOf(plain.head, encoding);
  return from === undefined ? plain : peek(decodeText(plain.chunks, from), SAMPLE_BYTES);
}

async function* parseChunks(
  chunks: AsyncIterable<Uint8Array>,
  parser: RowParser,
): AsyncGenerator<ParsedRow> {
  for await (const chunk of chunks) yield* parser.push(chunk);
  yield* parser.end();
}

/**
 * Rows of one file of a source. Memory is bounded by a row, for Parquet by a row group.
 * @throws RecordError SOURCE_HEADER, SOURCE_FORMAT, SOURCE_CORRUPT, SOURCE_LIMIT
 */
export async function* readFile(
  source: CompiledSource,
  file: SourceFile,
  options: ReadOptions,
): AsyncGenerator<ParsedRow> {
  const opened = await peek(file.open(), SAMPLE_BYTES);
  try {
    const { format } = source;
    if (isParquet(opened.head) && (format === 'parquet' || format === 'auto')) {
      yield* readParquet(file, options, source.columns);
      return;
    }
    const text = await openText(opened, source);
    const found = format === 'auto' ? detectFormat(file.name, text.head) : format;
    if (found === 'parquet' || isParquet(text.head)) {
      const which = found === 'parquet' ? 'no' : 'a';
      throw new RecordError('SOURCE_FORMAT', `the file is ${which} Parquet file; mend "format"`);
    }
    yield* parseChunks(text.chunks, PARSERS[found](source, options, text.head));
  } finally {
    await opened.close();
  }
}
