import { isUtf8 } from 'node:buffer';
import { CliError } from './errors.js';

/** A line, or a piece of one that is too long, with its end. */
export interface InputLine {
  /** Number of the line, from 1. */
  readonly row: number;
  /** Where it begins, in bytes from the start of the input. */
  readonly byte: number;
  readonly text: string;
}

const NEWLINE = 10;
/** Rows that have to be read whole. */
const MAX_LINE_BYTES = 64 << 20;
/** Pieces of text that has no line ends; far more than a block. */
const MAX_PIECE_BYTES = 256 << 10;
/** How far back a space is looked for where a piece is cut. */
const CUT_BYTES = 4096;

export function badInput(place: Pick<InputLine, 'row' | 'byte'>, problem: string): CliError {
  const { row, byte } = place;
  return new CliError(
    'USAGE',
    `standard input, line ${String(row)}, byte ${String(byte)}: ${problem}`,
  );
}

/** Bytes of a UTF-8 sequence by its first byte; 0 for a byte that begins none (RFC 3629). */
function sequenceBytes(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/** Offset of the first byte that is not UTF-8, of bytes that are not. */
function firstInvalid(bytes: Buffer): number {
  let at = 0;
  for (;;) {
    const count = sequenceBytes(bytes[at] ?? 0);
    if (count === 0 || !isUtf8(bytes.subarray(at, at + count))) return at;
    at += count;
  }
}

/** Where a piece ends: behind its last space, else before a character's first byte. */
function cutPlace(bytes: Buffer): number {
  const space = bytes.lastIndexOf(0x20);
  if (space >= bytes.length - CUT_BYTES && space > 0) return space + 1;
  let at = bytes.length - 1;
  while (at > 0 && ((bytes[at] ?? 0) & 0xc0) === 0x80) at -= 1;
  return at === 0 ? bytes.length : at;
}

/**
 * The lines of a stream with their ends, some at a time.
 * @param long what becomes of a line that is too long to hold: text is cut, a row refused
 * @throws CliError USAGE with line and byte of what is not UTF-8, and of a row that is too long
 */
export async function* linesOf(
  input: AsyncIterable<Uint8Array>,
  long: 'cut' | 'refuse' = 'refuse',
): AsyncGenerator<readonly InputLine[]> {
  let [row, byte] = [1, 0];
  let pending: Buffer[] = [];
  let size = 0;
  const lineOf = (bytes: Buffer, isWhole: boolean): InputLine => {
    if (!isUtf8(bytes)) {
      const place = { row, byte: byte + firstInvalid(bytes) };
      throw badInput(place, 'not UTF-8; convert the input, for instance with iconv');
    }
    const line = { row, byte, text: bytes.toString('utf8') };
    byte += bytes.length;
    if (isWhole) row += 1;
    return line;
  };
  const hold = (bytes: Buffer): void => {
    if (bytes.length > 0) pending.push(bytes);
    size += bytes.length;
  };
  const take = (): Buffer => {
    const bytes = pending.length === 1 ? (pending[0] ?? Buffer.alloc(0)) : Buffer.concat(pending);
    pending = [];
    size = 0;
    return bytes;
  };
  for await (const part of input) {
    const chunk = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
    const lines: InputLine[] = [];
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      hold(chunk.subarray(from, at + 1));
      lines.push(lineOf(take(), true));
      from = at + 1;
    }
    hold(chunk.subarray(from));
    if (size > MAX_LINE_BYTES) throw badInput({ row, byte }, 'a line of more than 64 MiB');
    if (long === 'cut' && size > MAX_PIECE_BYTES) {
      const bytes = take();
      const end = cutPlace(bytes);
      lines.push(lineOf(bytes.subarray(0, end), false));
      hold(bytes.subarray(end));
    }
    if (lines.length > 0) yield lines;
  }
  if (size > 0) yield [lineOf(take(), true)];
}
