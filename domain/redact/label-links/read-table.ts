/** A cell's content without spaces and quotes around it. Offsets are UTF-16 units. */
export interface Cell {
  readonly start: number;
  readonly end: number;
}

/** Lines whose cells are divided alike: the first names what stands below. */
export interface Table {
  readonly head: readonly Cell[];
  readonly rows: readonly (readonly Cell[])[];
  readonly end: number;
  /** Its head is a list of columns: no value stands in it. */
  readonly listed: boolean;
}

const DELIMITERS = ['|', '\t', ';', ','] as const;
const RULE = /^[\s|:+=-]+$/;
const MOST_LINE = 4000;
const EDGE = /[\s"'`*|]/;

function lineAt(text: string, at: number): Cell {
  const found = text.indexOf('\n', at);
  const end = found < 0 ? text.length : found;
  return { start: at, end: end > at && text.charAt(end - 1) === '\r' ? end - 1 : end };
}

function trimmed(text: string, { start, end }: Cell): Cell {
  while (start < end && EDGE.test(text.charAt(start))) start += 1;
  while (end > start && EDGE.test(text.charAt(end - 1))) end -= 1;
  return { start, end };
}

/** The cells of a line; a delimiter within quotes divides none. */
function cellsOf(text: string, line: Cell, delimiter: string, quotes = '"'): Cell[] {
  let { start, end } = line;
  while (delimiter === '|' && /[\s>|]/.test(text.charAt(start)) && start < end) start += 1;
  while (delimiter === '|' && /[\s|]/.test(text.charAt(end - 1)) && end > start) end -= 1;
  const cells: Cell[] = [];
  let quote = '';
  for (let at = start; at < end; at += 1) {
    const char = text.charAt(at);
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (quotes.includes(char)) quote = char;
    if (char !== delimiter || quote !== '') continue;
    cells.push(trimmed(text, { start, end: at }));
    start = at + 1;
  }
  return [...cells, trimmed(text, { start, end })];
}

function rowsBelow(text: string, head: Cell, delimiter: string, columns: number) {
  const rows: Cell[][] = [];
  let { end } = head;
  while (end < text.length) {
    const line = lineAt(text, text.indexOf('\n', end) + 1);
    if (line.start <= end - 1 || line.end - line.start > MOST_LINE) break;
    const isRule = RULE.test(text.slice(line.start, line.end)) && line.end > line.start;
    const cells = isRule ? [] : cellsOf(text, line, delimiter);
    if (!isRule && cells.length !== columns) break;
    if (!isRule) rows.push(cells);
    end = line.end;
    if (text.indexOf('\n', end) < 0) break;
  }
  return { rows, end };
}

/** The table whose head is the line around a place; undefined where nothing below is divided alike. */
export function readTable(text: string, at: number): Table | undefined {
  // Looked for no farther than a line of a table is long: one without an end would be read at every label.
  const from = Math.max(0, at - MOST_LINE);
  const line = lineAt(text, from + text.slice(from, at).lastIndexOf('\n') + 1);
  if (line.end - line.start > MOST_LINE || line.end >= text.length) return undefined;
  const written = text.slice(line.start, line.end);
  for (const delimiter of DELIMITERS) {
    if (!written.includes(delimiter)) continue;
    const head = cellsOf(text, line, delimiter);
    if (head.length < 2) continue;
    const { rows, end } = rowsBelow(text, line, delimiter, head.length);
    if (rows.length > 0) return { head, rows, end, listed: false };
  }
  return undefined;
}

const MOST_LIST = 2000;
const LISTS = /\(([^()\n]{1,2000})\)\s{0,8}(?:VALUES?|AS)\s{0,8}(?=\()/iy;
const TUPLE = /[,\s]{0,8}\((?:[^()'"]|\(\)|'[^'\n]{0,400}'|"[^"\n]{0,400}"){1,4000}\)/y;

/** Whether a text may hold lists, so that few are looked for label by label. */
export const mayHoldLists = (text: string): boolean =>
  /\)\s{0,8}(?:VALUES?|AS)\s{0,8}\(/i.test(text);

/** `(a, b) VALUES ('x', 'y'), ...`: columns and rows in parentheses. */
export function readLists(text: string, at: number): Table | undefined {
  const from = Math.max(0, at - MOST_LIST);
  const open = from + text.slice(from, at).lastIndexOf('(');
  if (open < from) return undefined;
  LISTS.lastIndex = open;
  const match = LISTS.exec(text);
  if (match === null) return undefined;
  const listed = (start: number, end: number): Cell[] =>
    cellsOf(text, { start: start + 1, end: end - 1 }, ',', `'"`);
  const head = listed(open, open + (match[1]?.length ?? 0) + 2);
  const rows: Cell[][] = [];
  let end = LISTS.lastIndex;
  for (;;) {
    TUPLE.lastIndex = end;
    const tuple = TUPLE.exec(text);
    if (tuple === null) break;
    end = TUPLE.lastIndex;
    const cells = listed(text.indexOf('(', tuple.index), end);
    if (cells.length === head.length) rows.push(cells);
  }
  return { head, rows, end, listed: true };
}
