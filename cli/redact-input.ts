import { detectDialect } from '../domain/record/index.js';
import { badInput, type InputLine } from './redact-lines.js';

/** Texts that are redacted as one record, and where they stand in the input. */
export interface RedactItem {
  /** Number of the first line, from 1. */
  readonly row: number;
  readonly texts: readonly string[];
  /** All that the input has from the last item to the end of this one. */
  readonly raw: string;
  /** Names of columns: written as it is. filler: lines that hold nothing, and are not written. */
  readonly kind?: 'heading' | 'filler';
  /** Of CSV, what stands between its cells. */
  readonly delimiter?: string;
}

type Lines = AsyncIterable<readonly InputLine[]>;

/** How a format gives its texts and takes them back. */
export interface RedactFormat {
  read(lines: Lines): AsyncIterable<readonly RedactItem[]>;
  /** A line too long to hold is cut in text, refused where it is a row. */
  readonly long: 'cut' | 'refuse';
}

/** A block ends at an empty line beyond the first size, and at any line beyond the second. */
const BLOCK_CHARS = 4_096;
const MAX_BLOCK_CHARS = 16_384;

/** Text in blocks of whole lines: a name found once is found in all of its block. */
async function* readText(lines: Lines): AsyncGenerator<readonly RedactItem[]> {
  let block = '';
  let first = 1;
  const take = (): RedactItem => {
    const item = { row: first, texts: [block], raw: block };
    block = '';
    return item;
  };
  for await (const group of lines) {
    const items: RedactItem[] = [];
    for (const { row, text } of group) {
      if (block === '') first = row;
      block += text;
      const ends = block.length >= BLOCK_CHARS && text.trim() === '';
      if (ends || block.length >= MAX_BLOCK_CHARS) items.push(take());
    }
    if (items.length > 0) yield items;
  }
  if (block !== '') yield [take()];
}

const BYTE_ORDER_MARK = /^\uFEFF/;
const PER_LINE = 'give one {"text": "..."} per line';

/** The byte at which the parser gave up. Its message may quote the line, and goes no further. */
function jsonFault(
  { row, byte, text }: InputLine,
  error: unknown,
): Pick<InputLine, 'row' | 'byte'> {
  const at = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined;
  const end = at === undefined ? text.trimEnd().length : Number(at);
  return { row, byte: byte + Buffer.byteLength(text.slice(0, end)) };
}

function textOf(line: InputLine): string {
  let value: unknown;
  try {
    value = JSON.parse(line.text.replace(BYTE_ORDER_MARK, ''));
  } catch (error) {
    throw badInput(jsonFault(line, error), `not JSON; ${PER_LINE}`);
  }
  const text = (value as { text?: unknown } | null)?.text;
  if (typeof text === 'string') return text;
  throw badInput(line, `/text is not a string; ${PER_LINE}`);
}

async function* readJsonLines(lines: Lines): AsyncGenerator<readonly RedactItem[]> {
  let skipped = '';
  let last = 1;
  for await (const group of lines) {
    const items: RedactItem[] = [];
    for (const line of group) {
      last = line.row;
      if (line.text.trim() === '') {
        skipped += line.text;
        continue;
      }
      items.push({ row: line.row, texts: [textOf(line)], raw: skipped + line.text });
      skipped = '';
    }
    if (items.length > 0) yield items;
  }
  if (skipped !== '') yield [{ row: last, texts: [], raw: skipped, kind: 'filler' }];
}

/** A row of CSV that may go over lines. */
interface PendingRow {
  readonly at: InputLine;
  text: string;
  quotes: number;
}

/**
 * Rows of cells; a quoted cell may hold line ends. The first row names the columns. What stands
 * between cells is told from the lines that come first.
 */
async function* readCsv(lines: Lines): AsyncGenerator<readonly RedactItem[]> {
  let pending: PendingRow | undefined;
  let skipped = '';
  let width = -1;
  let last = 1;
  let found: string | undefined;
  const itemOf = ({ at, text }: PendingRow): RedactItem => {
    const delimiter = found ?? ',';
    const texts = cellsOf(text.replace(BYTE_ORDER_MARK, '').replace(/\r?\n$/, ''), delimiter, at);
    const item = { row: at.row, texts, raw: skipped + text, delimiter };
    skipped = '';
    if (width >= 0 && texts.length !== width) {
      const counts = `${String(texts.length)} cells where the first row has ${String(width)}`;
      throw badInput(at, `${counts}; quote cells that hold ${NAMES[delimiter] ?? delimiter}`);
    }
    if (width >= 0) return item;
    width = texts.length;
    return { ...item, kind: 'heading' };
  };
  for await (const group of lines) {
    found ??= delimiterOf(group);
    const items: RedactItem[] = [];
    for (const line of group) {
      last = line.row;
      if (pending === undefined && line.text.trim() === '') {
        skipped += line.text;
        continue;
      }
      pending ??= { at: line, text: '', quotes: 0 };
      pending.text += line.text;
      pending.quotes += line.text.split('"').length - 1;
      // Between rows every quote has its partner.
      if (pending.quotes % 2 === 1) continue;
      items.push(itemOf(pending));
      pending = undefined;
    }
    if (items.length > 0) yield items;
  }
  if (pending !== undefined) {
    throw badInput(pending.at, 'a quoted cell does not end; close its quote');
  }
  if (skipped !== '') yield [{ row: last, texts: [], raw: skipped, kind: 'filler' }];
}

const NAMES: Readonly<Record<string, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'bars',
};

/** Comma, semicolon, tab or bar: whichever the first lines read best with. */
function delimiterOf(lines: readonly InputLine[]): string {
  const head = lines.map(({ text }) => text).join('');
  const sample = Buffer.from(head.replace(BYTE_ORDER_MARK, '').trimStart());
  return detectDialect(sample, { quote: '"' }, []).delimiter;
}

/** Where a quoted cell ends: after the quote that no second one follows. */
function endOfQuoted(row: string, start: number): number {
  for (let at = row.indexOf('"', start + 1); at !== -1; at = row.indexOf('"', at + 2))
    if (row[at + 1] !== '"') return at + 1;
  return -1;
}

// By hand, since an expression takes a stack as deep as a quoted cell is long.
function cellsOf(row: string, delimiter: string, at: InputLine): string[] {
  const cells: string[] = [];
  for (let start = 0; ; start += delimiter.length) {
    const quoted = row[start] === '"';
    const next = row.indexOf(delimiter, start);
    const end = quoted ? endOfQuoted(row, start) : next === -1 ? row.length : next;
    const cell = row.slice(start, end);
    const whole = end === row.length || row.startsWith(delimiter, end);
    if (end === -1 || !whole || (!quoted && cell.includes('"')))
      throw badInput(at, 'a quote inside a cell; double it and quote the cell');
    cells.push(quoted ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === row.length) return cells;
    start = end;
  }
}

/** A row of cells as RFC 4180 writes it, between other signs too. */
export function csvRow(cells: readonly string[], delimiter = ','): string {
  const quoted = cells.map((cell) =>
    cell.includes(delimiter) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell,
  );
  return `${quoted.join(delimiter)}\n`;
}

export const REDACT_FORMATS = {
  text: { read: readText, long: 'cut' },
  jsonl: { read: readJsonLines, long: 'refuse' },
  csv: { read: readCsv, long: 'refuse' },
} as const satisfies Record<string, RedactFormat>;

export type RedactFormatName = keyof typeof REDACT_FORMATS;
