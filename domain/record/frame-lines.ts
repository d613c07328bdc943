import { BoundedBytes } from './bounded-bytes.js';
import { withoutMark, type RowPlace } from './rows.js';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** One physical line. `tooLarge` lines are cut off at the limit and their rest is skipped. */
export interface Line extends RowPlace {
  readonly tooLarge: boolean;
  /** The line end that `raw` leaves out. */
  readonly end: '\n' | '\r\n' | '\r' | '';
}

/**
 * Cuts bytes into lines ended by LF or CR LF (or by CR alone, where a file has no LF), in memory
 * bounded by one line of `maxRowBytes`. A line end at the end of the file opens no further line.
 */
export class LineFramer {
  private readonly open: BoundedBytes;
  private readonly ending: number;
  private row = 1;
  private lineStart = 0;
  private position = 0;

  constructor(
    private readonly maxRowBytes: number,
    terminator: 'LF' | 'CR' = 'LF',
  ) {
    // One byte above the limit is kept so that a CR before the LF does not make a row too large.
    this.open = new BoundedBytes(maxRowBytes + 1);
    this.ending = terminator === 'LF' ? NEWLINE : CARRIAGE_RETURN;
  }

  *push(chunk: Uint8Array): Generator<Line> {
    const start = this.position;
    this.position += chunk.length;
    let from = 0;
    for (let end = chunk.indexOf(this.ending); end >= 0; end = chunk.indexOf(this.ending, from)) {
      this.open.add(chunk.subarray(from, end));
      from = end + 1;
      yield this.close(true, start + from);
    }
    this.open.add(chunk.subarray(from));
  }

  *end(): Generator<Line> {
    if (this.open.sizeBytes > 0) yield this.close(false, this.position);
  }

  private close(ended: boolean, nextStart: number): Line {
    const { sizeBytes } = this.open;
    const kept = this.open.take();
    const crlf =
      ended &&
      this.ending === NEWLINE &&
      kept.length === sizeBytes &&
      kept.at(-1) === CARRIAGE_RETURN;
    const body = crlf ? kept.subarray(0, -1) : kept;
    const tooLarge = sizeBytes - (crlf ? 1 : 0) > this.maxRowBytes;
    const cut = tooLarge ? body.subarray(0, this.maxRowBytes) : body;
    const single = this.ending === NEWLINE ? '\n' : '\r';
    const line: Line = {
      row: this.row,
      byteOffset: this.lineStart,
      raw: this.row === 1 ? withoutMark(cut) : cut,
      tooLarge,
      end: crlf ? '\r\n' : ended ? single : '',
    };
    this.row += 1;
    this.lineStart = nextStart;
    return line;
  }
}
