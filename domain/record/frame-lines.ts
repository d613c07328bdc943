import type { ReadOptions, RowPlace } from './rows.js';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** One physical line. `tooLarge` lines are cut off at the limit and their rest is skipped. */
export interface Line extends RowPlace {
  readonly tooLarge: boolean;
  /** The line end that `raw` leaves out. */
  readonly end: '\n' | '\r\n' | '';
}

/** Strips the UTF-8 byte order mark from a file's first line. */
function withoutMark(bytes: Uint8Array): Uint8Array {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return marked ? bytes.subarray(3) : bytes;
}

/** Collects the bytes of one line up to a limit; counts all of them. */
class LineBuffer {
  private parts: Uint8Array[] = [];
  private kept = 0;
  sizeBytes = 0;

  constructor(private readonly limit: number) {}

  add(part: Uint8Array): void {
    this.sizeBytes += part.length;
    // One byte above the limit is kept so that a CR before the LF does not make a row too large.
    const room = this.limit + 1 - this.kept;
    if (room <= 0 || part.length === 0) return;
    const kept = part.length > room ? part.slice(0, room) : part.slice();
    this.parts.push(kept);
    this.kept += kept.length;
  }

  take(row: number, byteOffset: number, ended: boolean): Line {
    const joined =
      this.parts.length === 1 ? (this.parts[0] as Uint8Array) : Buffer.concat(this.parts);
    const returned = ended && this.kept === this.sizeBytes && joined.at(-1) === CARRIAGE_RETURN;
    const body = returned ? joined.subarray(0, -1) : joined;
    const tooLarge = this.sizeBytes - (returned ? 1 : 0) > this.limit;
    const cut = tooLarge ? body.subarray(0, this.limit) : body;
    this.parts = [];
    this.kept = 0;
    this.sizeBytes = 0;
    const end = returned ? '\r\n' : ended ? '\n' : '';
    return { row, byteOffset, raw: row === 1 ? withoutMark(cut) : cut, tooLarge, end };
  }
}

/**
 * Cuts a stream of bytes into lines ended by LF or CR LF, in memory bounded by one line of
 * `maxRowBytes`. A line end at the end of the file opens no further line.
 */
export async function* frameLines(
  chunks: AsyncIterable<Uint8Array>,
  { maxRowBytes }: ReadOptions,
): AsyncGenerator<Line> {
  const buffer = new LineBuffer(maxRowBytes);
  let row = 1;
  let lineStart = 0;
  let chunkStart = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      buffer.add(chunk.subarray(from, end));
      yield buffer.take(row, lineStart, true);
      from = end + 1;
      lineStart = chunkStart + from;
      row += 1;
    }
    buffer.add(chunk.subarray(from));
    chunkStart += chunk.length;
  }
  if (buffer.sizeBytes > 0) yield buffer.take(row, lineStart, false);
}
