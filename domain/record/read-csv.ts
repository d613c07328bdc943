import { scanQuotes, splitFields, type CsvDialect, type QuoteState } from './csv-quotes.js';
import { RecordError } from './errors.js';
import { LineFramer, type Line } from './frame-lines.js';
import {
  badRow,
  decodeRow,
  rejection,
  tooLargeRow,
  type ParsedRow,
  type ReadOptions,
  type Rejection,
  type RowParser,
  type RowPlace,
} from './rows.js';

/** A quoted field may hold so many line ends; more is a quote that never closes. */
const MAX_ROW_LINES = 100_000;

interface CsvRow extends RowPlace {
  readonly fault: 'quotes' | 'too-large' | undefined;
}

/** The lines of one row put together again, their inner line ends as they were. */
function joinLines(lines: readonly Line[]): Uint8Array {
  const [only] = lines;
  if (only !== undefined && lines.length === 1) return only.raw;
  const last = lines.length - 1;
  return Buffer.concat(
    lines.flatMap((line, index) =>
      index === last ? [line.raw] : [line.raw, Buffer.from(line.end, 'latin1')],
    ),
  );
}

/**
 * Groups physical lines into rows. A quote that never closes, or a row above the limit, would
 * swallow the rest of the file: its first line alone is the bad row, and reading goes on at the
 * second.
 */
class RowGrouper {
  private row = 0;
  private open: Line[] = [];
  private sizeBytes = 0;
  private state: QuoteState = 'field-start';

  constructor(
    private readonly dialect: CsvDialect,
    private readonly limit: number,
  ) {}

  *add(line: Line): Generator<CsvRow> {
    let waiting: readonly Line[] = [line];
    for (let at = 0; at < waiting.length; at += 1) {
      const fault = this.extend(waiting[at] as Line);
      if (fault === undefined && this.state === 'quoted') continue;
      const group = this.open;
      yield this.close(fault);
      if (fault === undefined || group.length === 1) continue;
      waiting = [...group.slice(1), ...waiting.slice(at + 1)];
      at = -1;
    }
  }

  *end(): Generator<CsvRow> {
    while (this.open.length > 0) {
      const [, ...rest] = this.open;
      yield this.close('quotes');
      for (const line of rest) yield* this.add(line);
    }
  }

  /** The row with one more line: what is wrong with it, if anything. */
  private extend(line: Line): CsvRow['fault'] {
    this.open.push(line);
    this.sizeBytes += line.raw.length + 2;
    const large = this.open.length > 1 && this.sizeBytes > this.limit;
    if (line.tooLarge || large || this.open.length > MAX_ROW_LINES) return 'too-large';
    // The line end is content of the quoted field and leaves the state as it is.
    this.state = scanQuotes(this.state, line.raw, this.dialect);
    return this.state === 'invalid' ? 'quotes' : undefined;
  }

  private close(fault: CsvRow['fault']): CsvRow {
    const first = this.open[0] as Line;
    const raw = fault === undefined ? joinLines(this.open) : first.raw;
    this.row += 1;
    this.open = [];
    this.sizeBytes = 0;
    this.state = 'field-start';
    return { row: this.row, byteOffset: first.byteOffset, raw, fault };
  }
}

/** The row's fields, or why it has none. */
function fieldsOf(row: CsvRow, dialect: CsvDialect): readonly string[] | Rejection {
  if (row.fault === 'quotes') {
    return rejection('CSV_QUOTES', 'fields quoted as RFC 4180 has it: "a ""word"" in quotes"');
  }
  const text = decodeRow(row.raw);
  return typeof text === 'string' ? splitFields(text, dialect) : text;
}

const isRejection = (fields: readonly string[] | Rejection): fields is Rejection =>
  'reason' in fields;

function badHeader(message: string): RecordError {
  return new RecordError('SOURCE_HEADER', message);
}

/** The header's names. @throws RecordError SOURCE_HEADER */
function headerOf(row: CsvRow, { dialect, columns }: CsvOptions): readonly string[] {
  const fields =
    row.fault === 'too-large' ? rejection('ROW_TOO_LARGE', 'a header') : fieldsOf(row, dialect);
  if (isRejection(fields)) {
    throw badHeader(
      `row 1: the header cannot be read (${fields.reason}); write the column names there`,
    );
  }
  const wrong = firstRepeated(fields);
  if (wrong >= 0) {
    throw badHeader(
      `row 1, column ${String(wrong + 1)}: a column name is empty or repeated; name every column once`,
    );
  }
  // The row's own words stay out: without a header it is a record.
  const missing = columns.filter((column) => !fields.includes(column));
  if (missing.length > 0) {
    const named = missing.map((column) => `"${column}"`).join(', ');
    throw badHeader(
      `row 1: the header has no column ${named}, which the run file maps; mend the header or the mapping`,
    );
  }
  return fields;
}

/** Index of the first name that is empty or was there before, or -1. */
function firstRepeated(names: readonly string[]): number {
  const seen = new Set(['']);
  return names.findIndex((name) => {
    const known = seen.has(name);
    seen.add(name);
    return known;
  });
}

export interface CsvOptions extends ReadOptions {
  readonly dialect: CsvDialect;
  /** Columns that the header must have; where not empty, rows hold these only. */
  readonly columns: readonly string[];
  /** Names of the columns of a file without a header. */
  readonly header?: readonly string[] | undefined;
}

function parseRow(
  row: CsvRow,
  width: number,
  kept: readonly (readonly [string, number])[],
  { dialect, maxRowBytes }: CsvOptions,
): ParsedRow {
  const place = { row: row.row, byteOffset: row.byteOffset, raw: row.raw };
  if (row.fault === 'too-large') return tooLargeRow(place, maxRowBytes);
  if (row.raw.length === 0) return { ...place, kind: 'blank' };
  const fields = fieldsOf(row, dialect);
  if (isRejection(fields)) return badRow(place, fields);
  if (fields.length !== width) {
    return badRow(
      place,
      rejection('CSV_COLUMNS', `${String(width)} fields, as the file has columns`),
    );
  }
  const value = Object.fromEntries(kept.map(([name, at]) => [name, fields[at] ?? '']));
  return { ...place, kind: 'value', value };
}

/**
 * Rows of a CSV file (RFC 4180 in the given dialect, UTF-8, a header in row 1 unless its names are
 * given). Values are strings, white space kept. Quoting and the number of fields are not relaxed: a
 * row that breaks them is a `bad` row.
 * @throws RecordError SOURCE_HEADER when row 1 does not name every column once, or not all `columns`
 */
export function parseCsv(options: CsvOptions): RowParser {
  const { dialect, maxRowBytes, columns } = options;
  const framer = new LineFramer(maxRowBytes, dialect.terminator);
  const grouper = new RowGrouper(dialect, maxRowBytes);
  let header = options.header;
  let kept: (readonly [string, number])[] = [];
  const keep = (names: readonly string[]): void => {
    header = names;
    kept = names
      .map((name, at) => [name, at] as const)
      .filter(([name]) => columns.length === 0 || columns.includes(name));
  };
  if (header !== undefined) keep(header);
  function* rows(found: Iterable<CsvRow>): Generator<ParsedRow> {
    for (const row of found) {
      if (header === undefined) keep(headerOf(row, options));
      else yield parseRow(row, header.length, kept, options);
    }
  }
  return {
    *push(chunk) {
      for (const line of framer.push(chunk)) yield* rows(grouper.add(line));
    },
    *end() {
      for (const line of framer.end()) yield* rows(grouper.add(line));
      yield* rows(grouper.end());
      if (header === undefined) throw badHeader('row 1: the file is empty; name the columns there');
    },
  };
}
