/** How a CSV file is written; the characters are ASCII, so that bytes can be compared. */
export interface CsvDialect {
  readonly delimiter: string;
  /** Undefined: nothing is quoted. */
  readonly quote: string | undefined;
  /** CR alone ends rows where a file has no LF. */
  readonly terminator: 'LF' | 'CR';
}

/** Where a scan of RFC 4180 quoting stands after some bytes of a row. */
export type QuoteState = 'field-start' | 'bare' | 'quoted' | 'quote-in-quoted' | 'invalid';

/** Continues the scan over one physical line; `quoted` at its end means that the row goes on. */
export function scanQuotes(
  from: QuoteState,
  line: Uint8Array,
  { delimiter, quote }: CsvDialect,
): QuoteState {
  if (quote === undefined) return 'bare';
  const mark = quote.charCodeAt(0);
  const first = line.indexOf(mark);
  if (first < 0) return from === 'quoted' ? from : 'bare';
  const separator = delimiter.charCodeAt(0);
  let state = from;
  let at = 0;
  if (from !== 'quoted' && first > 0) {
    // Of the bytes before the first quote only the last one matters.
    state = line[first - 1] === separator ? 'field-start' : 'bare';
    at = first;
  }
  for (; at < line.length; at += 1) {
    const byte = line[at];
    if (state === 'quoted') {
      at = line.indexOf(mark, at);
      if (at < 0) return 'quoted';
      state = 'quote-in-quoted';
    } else if (byte === mark) {
      if (state === 'bare') return 'invalid';
      state = 'quoted';
    } else if (byte === separator) state = 'field-start';
    else if (state === 'quote-in-quoted') return 'invalid';
    else state = 'bare';
  }
  return state;
}

/** The fields of a row whose quoting was found valid. */
export function splitFields(text: string, { delimiter, quote }: CsvDialect): string[] {
  if (quote === undefined || !text.includes(quote)) return text.split(delimiter);
  const fields: string[] = [];
  for (let at = 0; ; at += 1) {
    if (text[at] === quote) {
      const end = closingQuote(text, at + 1, quote);
      fields.push(text.slice(at + 1, end).replaceAll(quote + quote, quote));
      at = end + 1;
    } else {
      const end = text.indexOf(delimiter, at);
      fields.push(text.slice(at, end < 0 ? text.length : end));
      at = end < 0 ? text.length : end;
    }
    if (at >= text.length) return fields;
  }
}

/** Index of the quote that ends a field; doubled quotes belong to the field. */
function closingQuote(text: string, from: number, quote: string): number {
  for (let at = text.indexOf(quote, from); at >= 0; at = text.indexOf(quote, at + 2)) {
    if (text[at + 1] !== quote) return at;
  }
  return text.length;
}
