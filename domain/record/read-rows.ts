import type { CompiledSource } from './compile-source.js';
import { readCorrections } from './corrections.js';
import { RecordError } from './errors.js';
import { readFile } from './read-file.js';
import type { FileRow, ReadOptions } from './rows.js';
import type { SourceContents } from './source-files.js';

/** What stops a reader names source and file number, never the name of a file. */
function placed(error: unknown, source: CompiledSource, place: string): unknown {
  if (!(error instanceof RecordError)) return error;
  return new RecordError(error.code, `source "${source.name}", ${place}: ${error.message}`);
}

/**
 * Rows of a source, file after file in the given order. A row that was corrected comes in its
 * corrected form, in its old place; corrections that fit no row come last, as bad rows of a file of
 * their own. Memory is bounded by a row (Parquet: a row group) and the corrections.
 * @throws RecordError SOURCE_HEADER, SOURCE_FORMAT, SOURCE_CORRUPT, SOURCE_LIMIT
 */
export async function* readRows(
  source: CompiledSource,
  { files, corrections: correctionFile }: SourceContents,
  options: ReadOptions,
): AsyncGenerator<FileRow> {
  let place = 'corrections';
  try {
    const corrections =
      correctionFile === undefined ? undefined : await readCorrections(correctionFile, options);
    for (const [index, entry] of files.entries()) {
      const file = index + 1;
      place = `file ${String(file)} of ${String(files.length)}`;
      for await (const row of readFile(source, entry, options)) {
        yield { ...(corrections?.replacing(entry.digest, row) ?? row), file };
      }
    }
    const file = files.length + 1;
    for (const row of corrections?.leftOver() ?? []) yield { ...row, file };
  } catch (error) {
    throw placed(error, source, place);
  }
}
