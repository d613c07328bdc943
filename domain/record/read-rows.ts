import type { CompiledSource } from './compile-source.js';
import { RecordError } from './errors.js';
import { readCsv } from './read-csv.js';
import { readJsonl } from './read-jsonl.js';
import type { FileRow, ParsedRow, ReadOptions } from './rows.js';
import type { SourceContents, SourceFile } from './source-files.js';

function readFile(
  source: CompiledSource,
  file: SourceFile,
  options: ReadOptions,
): AsyncGenerator<ParsedRow> {
  const { fields, primaryKey, subject } = source;
  const mapped = [...fields.values(), primaryKey, subject];
  const columns = mapped.flatMap((selector) => selector?.path ?? []);
  return source.format === 'csv'
    ? readCsv(file.open(), options, columns)
    : readJsonl(file.open(), options);
}

/**
 * Rows of a source, file after file in the given order, in its format. Memory is bounded by a row
 * (Parquet: a row group).
 * @throws RecordError SOURCE_HEADER; the message names source and file number, never a file's name
 */
export async function* readRows(
  source: CompiledSource,
  { files }: SourceContents,
  options: ReadOptions,
): AsyncGenerator<FileRow> {
  for (const [index, entry] of files.entries()) {
    const file = index + 1;
    try {
      for await (const row of readFile(source, entry, options)) yield { ...row, file };
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      const place = `source "${source.name}", file ${String(file)} of ${String(files.length)}`;
      throw new RecordError(error.code, `${place}, ${error.message}`);
    }
  }
}
