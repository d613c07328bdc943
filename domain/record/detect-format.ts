import { compressionOf } from './decompress.js';
import { looksDelimited } from './csv-dialect.js';
import { RecordError } from './errors.js';
import { withoutMark } from './rows.js';
import type { SourceSpec } from './compile-source.js';

/** A format that a file can be read in. */
export type FileFormat = Exclude<SourceSpec['format'], 'auto'>;

const BY_ENDING: ReadonlyMap<string, FileFormat> = new Map([
  ['jsonl', 'jsonl'],
  ['ndjson', 'jsonl'],
  ['json', 'json'],
  ['csv', 'csv'],
  ['tsv', 'tsv'],
  ['tab', 'tsv'],
  ['parquet', 'parquet'],
  ['txt', 'text'],
  ['text', 'text'],
  ['md', 'text'],
]);

/** Formats that are not read, by their magic bytes in latin1. */
const FOREIGN: readonly (readonly [string, string])[] = [
  ['PK\x03\x04', 'a zip archive or an office document'],
  ['BZh', 'bzip2 data'],
  ['\xfd7zXZ\0', 'xz data'],
  ['7z\xbc\xaf', 'a 7z archive'],
  ['\x04\x22\x4d\x18', 'lz4 data'],
  ['Obj\x01', 'Avro'],
  ['ORC', 'ORC'],
  ['ARROW1', 'an Arrow file'],
  ['SQLite format 3', 'an SQLite database'],
  ['%PDF-', 'a PDF'],
  ['\xd0\xcf\x11\xe0', 'an old office document'],
];

const latin1 = (bytes: Uint8Array, length: number): string =>
  Buffer.from(bytes.subarray(0, length)).toString('latin1');

export const isParquet = (head: Uint8Array): boolean => latin1(head, 4) === 'PAR1';

function endingOf(name: string): string {
  const bare = name.toLowerCase().replace(/\.(gz|gzip|zst|zstd)$/, '');
  return /\.([a-z0-9]+)$/.exec(bare)?.[1] ?? '';
}

/** A file that begins with `{`: lines of objects, unless its first line is no whole object. */
function looksLikeLines(text: string): boolean {
  const [line = '', ...rest] = text.split('\n');
  if (rest.length === 0) return true;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

function byContent(sample: Uint8Array): FileFormat | undefined {
  const text = Buffer.from(withoutMark(sample)).toString('utf8').trimStart();
  if (text.startsWith('[')) return 'json';
  if (text.startsWith('{')) return looksLikeLines(text) ? 'jsonl' : undefined;
  return looksDelimited(sample) ? 'csv' : undefined;
}

/** @throws RecordError SOURCE_FORMAT for what no reader here reads */
export function refuseForeign(head: Uint8Array): void {
  const known = FOREIGN.find(([magic]) => latin1(head, magic.length) === magic);
  if (known !== undefined) {
    throw new RecordError(
      'SOURCE_FORMAT',
      `the file is ${known[1]}; give JSON Lines, JSON, CSV, TSV, Parquet or text`,
    );
  }
  if (compressionOf(head) !== undefined) {
    throw new RecordError('SOURCE_FORMAT', 'the file is compressed twice; unpack it once');
  }
}

/**
 * The format of a file whose format is not stated: by its ending, `.gz` and `.zst` left out, and
 * where the ending does not tell, by its first bytes.
 * @param sample first bytes of the text, decompressed and in UTF-8
 * @throws RecordError SOURCE_FORMAT when neither tells
 */
export function detectFormat(name: string, sample: Uint8Array): FileFormat {
  const named = BY_ENDING.get(endingOf(name));
  // A .json file is an array or, as often, lines of objects.
  const found = named === 'json' || named === undefined ? (byContent(sample) ?? named) : named;
  if (found !== undefined && found !== 'parquet') return found;
  throw new RecordError(
    'SOURCE_FORMAT',
    'the format of the file shows neither by its ending nor by its first bytes; state "format" in the run file',
  );
}
