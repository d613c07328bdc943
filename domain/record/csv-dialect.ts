import { scanQuotes, splitFields, type CsvDialect, type QuoteState } from './csv-quotes.js';
import { LineFramer } from './frame-lines.js';
import { SAMPLE_BYTES } from './limits.js';

const DELIMITERS = [',', ';', '\t', '|'] as const;
const SAMPLE_ROWS = 50;

/** What the run file says of the dialect. */
export interface StatedDialect {
  readonly delimiter?: string | undefined;
  readonly quote?: string | undefined;
}

/** Field counts of the sample's first rows; the last row may be cut off and does not count. */
function fieldCounts(
  sample: Uint8Array,
  dialect: CsvDialect,
): { first: string[]; counts: number[] } {
  const framer = new LineFramer(sample.length, dialect.terminator);
  const lines = [...framer.push(sample), ...framer.end()];
  const counts: number[] = [];
  let first: string[] = [];
  let row: Uint8Array[] = [];
  let state: QuoteState = 'field-start';
  for (const [at, line] of lines.entries()) {
    if (counts.length >= SAMPLE_ROWS) break;
    row.push(line.raw);
    state = scanQuotes(state, line.raw, dialect);
    if (state === 'quoted') continue;
    const complete = line.end !== '' || at === 0;
    const text = Buffer.concat(row).toString('utf8');
    row = [];
    if (text !== '' && complete) {
      const fields = state === 'invalid' ? [] : splitFields(text, dialect);
      if (counts.length === 0) first = fields;
      counts.push(fields.length);
    }
    state = 'field-start';
  }
  return { first, counts };
}

/**
 * How well the sample reads in a dialect: the mapped columns in its first row count most, then the
 * share of rows with as many fields as the first, which needs at least two.
 */
function score(sample: Uint8Array, dialect: CsvDialect, columns: readonly string[]): number {
  const { first, counts } = fieldCounts(sample, dialect);
  if (first.length === 0) return -1;
  const named = columns.length > 0 && columns.every((column) => first.includes(column));
  const alike = counts.filter((count) => count === first.length).length / counts.length;
  const several = first.length > 1 ? 1 : 0;
  return (named ? 4 : 0) + several * (1 + alike) + Math.min(first.length, 50) / 1000;
}

/**
 * Tells a file's dialect from its beginning. What is stated is kept; among equals the first of
 * comma, semicolon, tab and bar wins.
 * @param columns that the header must have, or empty without a header
 */
export function detectDialect(
  sample: Uint8Array,
  stated: StatedDialect,
  columns: readonly string[],
): CsvDialect {
  const head = sample.subarray(0, SAMPLE_BYTES);
  const terminator = !head.includes(0x0a) && head.includes(0x0d) ? 'CR' : 'LF';
  const delimiters = stated.delimiter === undefined ? DELIMITERS : [stated.delimiter];
  const candidates = delimiters.map((delimiter): CsvDialect => {
    const quote = stated.quote ?? quoteOf(head, delimiter);
    return { delimiter, quote: quote === 'none' ? undefined : quote, terminator };
  });
  let best = { dialect: candidates[0] as CsvDialect, score: -1 };
  if (candidates.length === 1) return best.dialect;
  for (const dialect of candidates) {
    const reached = score(head, dialect, columns);
    if (reached > best.score) best = { dialect, score: reached };
  }
  return best.dialect;
}

/** The single quote only where fields begin with it and none with the double quote. */
function quoteOf(sample: Uint8Array, delimiter: string): string {
  const text = `\n${Buffer.from(sample).toString('latin1')}`;
  const begins = (quote: string): boolean =>
    ['\n', '\r', delimiter].some((before) => text.includes(before + quote));
  return begins("'") && !begins('"') ? "'" : '"';
}

/** Whether the sample looks like rows of several fields each. */
export function looksDelimited(sample: Uint8Array): boolean {
  const { first, counts } = fieldCounts(sample, detectDialect(sample, {}, []));
  return first.length > 1 && counts.length > 1 && counts.every((count) => count === first.length);
}
