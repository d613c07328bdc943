import { BoundedBytes } from './bounded-bytes.js';
import { RecordError } from './errors.js';
import { parseJsonRow } from './json-row.js';
import { tooLargeRow, type ParsedRow, type ReadOptions, type RowParser } from './rows.js';

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const isSpace = (byte: number): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** Where the scan stands: outside of elements, or in an element of the given form. */
type State =
  'start' | 'first' | 'element' | 'after' | 'end' | 'scalar' | 'nested' | 'string' | 'top-string';

const INSIDE: ReadonlySet<State> = new Set(['scalar', 'nested', 'string', 'top-string']);

/** Cuts one JSON array into its elements without parsing them. */
class ElementScanner {
  private state: State = 'start';
  private depth = 0;
  private escaped = false;
  private position = 0;
  private row = 0;
  private elementStart = 0;
  private readonly bytes: BoundedBytes;

  constructor(private readonly maxRowBytes: number) {
    this.bytes = new BoundedBytes(maxRowBytes);
  }

  *push(chunk: Uint8Array): Generator<ParsedRow> {
    // A byte order mark can only be the first bytes, and no valid array begins with one of them.
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] as number;
      if (INSIDE.has(this.state)) {
        const closed = this.inside(byte);
        if (closed === undefined) {
          if (this.state === 'string' || this.state === 'top-string') at = this.skip(chunk, at);
          continue;
        }
        const end = closed === 'with' ? at + 1 : at;
        this.bytes.add(chunk.subarray(from, end));
        yield this.take();
        if (closed === 'before') this.outside(byte, at);
      } else if (this.outside(byte, at)) from = at;
    }
    if (INSIDE.has(this.state)) this.bytes.add(chunk.subarray(from));
    this.position += chunk.length;
  }

  finish(): void {
    if (this.state === 'end') return;
    if (this.state === 'start') throw notAnArray();
    throw this.corrupt(this.position, 'the array does not end; the file is cut off');
  }

  /** Jumps to the byte before the next quote or backslash of a string. */
  private skip(chunk: Uint8Array, at: number): number {
    if (this.escaped) return at;
    let next = at + 1;
    while (next < chunk.length && chunk[next] !== QUOTE && chunk[next] !== BACKSLASH) next += 1;
    return next - 1;
  }

  /** Handles a byte between elements; true when an element begins with it. */
  private outside(byte: number, at: number): boolean {
    if (isSpace(byte)) return false;
    const offset = this.position + at;
    if (this.state === 'start') {
      if (offset < 3 && byte === [0xef, 0xbb, 0xbf][offset]) return false;
      if (byte !== OPEN_BRACKET) throw notAnArray();
      this.state = 'first';
    } else if (this.state === 'end') {
      throw this.corrupt(offset, 'something stands after the end of the array');
    } else if (byte === CLOSE_BRACKET && this.state !== 'element') this.state = 'end';
    else if (this.state === 'after') {
      if (byte !== COMMA) throw this.corrupt(offset, 'a comma or "]" is missing');
      this.state = 'element';
    } else if (byte === COMMA || byte === CLOSE_BRACKET) {
      throw this.corrupt(offset, 'an element is missing');
    } else return this.begin(byte, offset);
    return false;
  }

  private begin(byte: number, offset: number): true {
    this.elementStart = offset;
    this.depth = 0;
    if (byte === QUOTE) this.state = 'top-string';
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      this.state = 'nested';
      this.depth = 1;
    } else this.state = 'scalar';
    return true;
  }

  /** Handles a byte of an element; tells whether the element ends with it or before it. */
  private inside(byte: number): 'with' | 'before' | undefined {
    if (this.state === 'scalar') {
      const ends = isSpace(byte) || byte === COMMA || byte === CLOSE_BRACKET;
      return ends ? 'before' : undefined;
    }
    if (this.state === 'nested') {
      if (byte === QUOTE) this.state = 'string';
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.depth += 1;
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) this.depth -= 1;
      return this.depth === 0 ? 'with' : undefined;
    }
    if (this.escaped) this.escaped = false;
    else if (byte === BACKSLASH) this.escaped = true;
    else if (byte === QUOTE) {
      if (this.state === 'top-string') return 'with';
      this.state = 'nested';
    }
    return undefined;
  }

  private take(): ParsedRow {
    this.state = 'after';
    this.row += 1;
    const tooLarge = this.bytes.sizeBytes > this.maxRowBytes;
    const place = { row: this.row, byteOffset: this.elementStart, raw: this.bytes.take() };
    return tooLarge
      ? tooLargeRow(place, this.maxRowBytes)
      : parseJsonRow(place, 'JSON objects in the array');
  }

  private corrupt(offset: number, problem: string): RecordError {
    return new RecordError(
      'SOURCE_CORRUPT',
      `byte ${String(offset)}, after ${String(this.row)} elements: ${problem}; mend the file`,
    );
  }
}

function notAnArray(): RecordError {
  return new RecordError(
    'SOURCE_FORMAT',
    'the file is no JSON array; format json is one array of objects a file, jsonl one object a line',
  );
}

/**
 * Rows of a file that is one JSON array of objects, element after element; `row` counts them. An
 * element that is no JSON object is a bad row; memory is bounded by one element.
 * @throws RecordError SOURCE_FORMAT when it is no array, SOURCE_CORRUPT when the array is broken
 *   between elements or does not end: what is lost then has no bound
 */
export function parseJsonArray({ maxRowBytes }: ReadOptions): RowParser {
  const scanner = new ElementScanner(maxRowBytes);
  return {
    push: (chunk) => scanner.push(chunk),
    end() {
      scanner.finish();
      return [];
    },
  };
}
