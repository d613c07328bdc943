const QUOTE = 0x22;
const COMMA = 0x2c;

/** Where a scan of RFC 4180 quoting stands after some bytes of a row. */
export type QuoteState = 'field-start' | 'bare' | 'quoted' | 'quote-in-quoted' | 'invalid';

function next(state: QuoteState, byte: number): QuoteState {
  switch (state) {
    case 'quoted':
      return byte === QUOTE ? 'quote-in-quoted' : 'quoted';
    case 'field-start':
      if (byte === QUOTE) return 'quoted';
      return byte === COMMA ? 'field-start' : 'bare';
    case 'bare':
      if (byte === QUOTE) return 'invalid';
      return byte === COMMA ? 'field-start' : 'bare';
    case 'quote-in-quoted':
      if (byte === QUOTE) return 'quoted';
      return byte === COMMA ? 'field-start' : 'invalid';
    case 'invalid':
      return 'invalid';
  }
}

/** Continues the scan over one physical line; `quoted` at its end means that the row goes on. */
export function scanQuotes(from: QuoteState, line: Uint8Array): QuoteState {
  let state = from;
  for (const byte of line) {
    state = next(state, byte);
    if (state === 'invalid') return state;
  }
  return state;
}
