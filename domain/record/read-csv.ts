import { parse } from 'csv-parse/sync';
import { scanQuotes } from './csv-quotes.js';
import { RecordError } from './errors.js';
import { frameLines, type Line } from './frame-lines.js';
import { decodeRow, rejection, type ParsedRow, type ReadOptions, type RowPlace } from './rows.js';

interface CsvRow extends RowPlace {
  readonly fault: 'quotes' | 'too-large' | undefined;
}

/** The lines of one row put together again, their inner line ends as they were. */
function joinLines(lines: readonly Line[]): Uint8Array {
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
async function* groupRows(lines: AsyncIterator<Line>, limit: number): AsyncGenerator<CsvRow> {
  let waiting: Line[] = [];
  const take = async (): Promise<Line | undefined> => {
    const kept = waiting.shift();
    if (kept !== undefined) return kept;
    const next = await lines.next();
    return next.done === true ? undefined : next.value;
  };
  let row = 0;
  for (let first = await take(); first !== undefined; first = await take()) {
    row += 1;
    const group = [first];
    let state = scanQuotes('field-start', first.raw);
    let sizeBytes = first.raw.length;
    let fault: CsvRow['fault'] = first.tooLarge ? 'too-large' : undefined;
    while (fault === undefined && state === 'quoted') {
      const line = await take();
      if (line === undefined) break;
      group.push(line);
      sizeBytes += line.raw.length + 2;
      if (line.tooLarge || sizeBytes > limit) fault = 'too-large';
      // The line end is content of the quoted field and leaves the state as it is.
      else state = scanQuotes(state, line.raw);
    }
    if (fault === undefined && (state === 'invalid' || state === 'quoted')) fault = 'quotes';
    if (fault === undefined) {
      yield { row, byteOffset: first.byteOffset, raw: joinLines(group), fault };
    } else {
      yield { row, byteOffset: first.byteOffset, raw: first.raw, fault };
      waiting = [...group.slice(1), ...waiting];
    }
  }
}

/** The row's fields, or why it has none. csv-parse's messages quote the row and stay here. */
function fieldsOf(row: CsvRow, limit: number): readonly string[] | ReturnType<typeof rejection> {
  if (row.fault === 'too-large')
    return rejection('ROW_TOO_LARGE', `at most ${String(limit)} bytes`);
  if (row.fault === 'quotes') {
    return rejection('CSV_QUOTES', 'fields quoted as RFC 4180 has it: "a ""word"" in quotes"');
  }
  const text = decodeRow(row.raw);
  if (typeof text !== 'string') return text;
  try {
    const [fields] = parse(text, { record_delimiter: '\0', relax_column_count: true });
    return fields as unknown as string[];
  } catch {
    return rejection('CSV_QUOTES', 'one row of comma-separated fields');
  }
}

function headerOf(row: CsvRow, limit: number, columns: readonly string[]): readonly string[] {
  const fields = fieldsOf(row, limit);
  if (!Array.isArray(fields)) {
    throw new RecordError(
      'SOURCE_HEADER',
      `row 1: the header cannot be read (${fieldsReason(fields)}); write the column names there`,
    );
  }
  const names = fields as readonly string[];
  const wrong = names.findIndex((name, at) => name === '' || names.indexOf(name) !== at);
  if (wrong >= 0) {
    const place = `row 1, column ${String(wrong + 1)}`;
    throw new RecordError(
      'SOURCE_HEADER',
      `${place}: a column name is empty or repeated; name every column once`,
    );
  }
  // The row's own words stay out: without a header it is a record.
  const missing = columns.filter((column) => !names.includes(column));
  if (missing.length > 0) {
    const named = missing.map((column) => `"${column}"`).join(', ');
    throw new RecordError(
      'SOURCE_HEADER',
      `row 1: the header has no column ${named}, which the run file maps; mend the header or the mapping`,
    );
  }
  return names;
}

function fieldsReason(fields: readonly string[] | ReturnType<typeof rejection>): string {
  return 'reason' in fields ? fields.reason : 'unknown';
}

function parseRow(row: CsvRow, header: readonly string[], limit: number): ParsedRow {
  const place = { row: row.row, byteOffset: row.byteOffset, raw: row.raw };
  if (row.raw.length === 0) return { ...place, kind: 'blank' };
  const fields = fieldsOf(row, limit);
  if ('reason' in fields) return { ...place, kind: 'bad', rejection: fields };
  if (fields.length !== header.length) {
    const expected = `${String(header.length)} fields, as the header has`;
    return { ...place, kind: 'bad', rejection: rejection('CSV_COLUMNS', expected) };
  }
  const value = Object.fromEntries(header.map((name, at) => [name, fields[at] ?? '']));
  return { ...place, kind: 'value', value };
}

/**
 * Rows of a CSV file (RFC 4180, comma, UTF-8, a header in row 1). Values are strings, white space
 * kept. Quoting and the number of fields are not relaxed: a row that breaks them is a `bad` row.
 * @param columns that the header must have
 * @throws RecordError SOURCE_HEADER when row 1 does not name every column once, or not all `columns`
 */
export async function* readCsv(
  chunks: AsyncIterable<Uint8Array>,
  options: ReadOptions,
  columns: readonly string[] = [],
): AsyncGenerator<ParsedRow> {
  let header: readonly string[] | undefined;
  for await (const row of groupRows(frameLines(chunks, options), options.maxRowBytes)) {
    if (header === undefined) header = headerOf(row, options.maxRowBytes, columns);
    else yield parseRow(row, header, options.maxRowBytes);
  }
  if (header === undefined) {
    throw new RecordError('SOURCE_HEADER', 'row 1: the file is empty; name the columns there');
  }
}
