import { CliError } from './errors.js';

/** Texts that are redacted as one record, and where they stand in the input. */
export interface RedactItem {
  /** Number of the first line, from 1. */
  readonly row: number;
  readonly texts: readonly string[];
  /** Names of columns: written as it is. */
  readonly heading?: true;
}

/** How a format gives its texts and takes them back. */
export interface RedactFormat {
  read(lines: AsyncIterable<InputLine>): AsyncIterable<RedactItem>;
}

/** A line with its end, from 1. */
export interface InputLine {
  readonly row: number;
  readonly text: string;
}

const NEWLINE = 10;

function badInput(row: number, problem: string, cause?: unknown): CliError {
  return new CliError('USAGE', `standard input, row ${String(row)}: ${problem}`, { cause });
}

/**
 * The lines of a stream with their line ends.
 * @throws CliError USAGE with the row of a line that is not UTF-8
 */
export async function* linesOf(input: AsyncIterable<Uint8Array>): AsyncGenerator<InputLine> {
  let row = 0;
  let rest: Buffer[] = [];
  const decode = (bytes: Uint8Array): InputLine => {
    row += 1;
    try {
      const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: row > 1 }).decode(bytes);
      return { row, text };
    } catch (cause) {
      throw badInput(row, 'not UTF-8; convert the input, for instance with iconv', cause);
    }
  };
  for await (const chunk of input) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      rest.push(Buffer.from(chunk.subarray(from, at + 1)));
      yield decode(Buffer.concat(rest));
      rest = [];
      from = at + 1;
    }
    if (from < chunk.length) rest.push(Buffer.from(chunk.subarray(from)));
  }
  if (rest.length > 0) yield decode(Buffer.concat(rest));
}

/** A block ends at an empty line beyond the first size, and at any line beyond the second. */
const BLOCK_CHARS = 4_096;
const MAX_BLOCK_CHARS = 16_384;

/** Text in blocks of whole lines: a name found once is found in all of its block. */
async function* readText(lines: AsyncIterable<InputLine>): AsyncGenerator<RedactItem> {
  let block = '';
  let first = 1;
  for await (const { row, text } of lines) {
    if (block === '') first = row;
    block += text;
    const ends = block.length >= BLOCK_CHARS && text.trim() === '';
    if (!ends && block.length < MAX_BLOCK_CHARS) continue;
    yield { row: first, texts: [block] };
    block = '';
  }
  if (block !== '') yield { row: first, texts: [block] };
}

const PER_LINE = 'give one {"text": "..."} per line';

async function* readJsonLines(lines: AsyncIterable<InputLine>): AsyncGenerator<RedactItem> {
  for await (const { row, text: line } of lines) {
    if (line.trim() === '') continue;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      throw badInput(row, `not JSON; ${PER_LINE}`);
    }
    const text = (value as { text?: unknown } | null)?.text;
    if (typeof text !== 'string') throw badInput(row, `/text is not a string; ${PER_LINE}`);
    yield { row, texts: [text] };
  }
}

/** Rows of cells; a quoted cell may hold line ends. The first row names the columns. */
async function* readCsv(lines: AsyncIterable<InputLine>): AsyncGenerator<RedactItem> {
  let pending = '';
  let first = 1;
  let width = -1;
  let quotes = 0;
  for await (const { row, text } of lines) {
    if (pending === '' && text.trim() === '') continue;
    if (pending === '') first = row;
    pending += text;
    quotes += text.split('"').length - 1;
    // Between rows every quote has its partner.
    if (quotes % 2 === 1) continue;
    const texts = cellsOf(pending.replace(/\r?\n$/, ''), first);
    pending = '';
    if (width < 0) {
      width = texts.length;
      yield { row: first, texts, heading: true };
      continue;
    }
    if (texts.length !== width) {
      const counts = `${String(texts.length)} cells where the first row has ${String(width)}`;
      throw badInput(first, `${counts}; quote cells that hold commas`);
    }
    yield { row: first, texts };
  }
  if (pending !== '') throw badInput(first, 'a quoted cell does not end; close its quote');
}

const CELL = /("(?:[^"]|"")*"|[^",]*)(,|$)/y;

function cellsOf(row: string, number: number): string[] {
  const cells: string[] = [];
  for (CELL.lastIndex = 0; ;) {
    const match = CELL.exec(row);
    if (match === null)
      throw badInput(number, 'a quote inside a cell; double it and quote the cell');
    const [, cell = '', end] = match;
    cells.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === '') return cells;
  }
}

/** A row of cells as RFC 4180 writes it. */
export function csvRow(cells: readonly string[]): string {
  const quoted = cells.map((cell) =>
    /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell,
  );
  return `${quoted.join(',')}\n`;
}

export const REDACT_FORMATS = {
  text: { read: readText },
  jsonl: { read: readJsonLines },
  csv: { read: readCsv },
} as const satisfies Record<string, RedactFormat>;

export type RedactFormatName = keyof typeof REDACT_FORMATS;
