import type { Span } from './types.js';

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;
const ESCAPE = /\\(?:u[0-9a-fA-F]{4}|[^u])/y;

function isJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

interface Token {
  readonly start: number;
  readonly end: number;
  readonly isText: boolean;
}

/** Strings without their quotes, and numbers. */
function tokensOf(text: string): Token[] {
  return [...text.matchAll(TOKEN)].map(({ index, 0: token }) => {
    const isText = token.startsWith('"');
    const inset = isText ? 1 : 0;
    return { start: index + inset, end: index + token.length - inset, isText };
  });
}

/** Moves the ends of a range off the inside of an escape sequence. */
function outsideEscapes(text: string, token: Token, range: Span): Span {
  let { start, end } = range;
  for (let at = token.start; at < token.end && at < range.end;) {
    ESCAPE.lastIndex = at;
    const width = ESCAPE.exec(text)?.[0].length ?? 1;
    // A letter that only names a control character is no part of a name; of \u00e9 all is.
    const isLetter = width > 2;
    if (at < range.start && at + width > range.start) start = isLetter ? at : at + width;
    if (at < range.end && at + width > range.end) end = at + width;
    at += width;
  }
  return { ...range, start, end };
}

/** What of a span lies in one token: part of a string, or a number as a whole in quotes. */
function within(text: string, token: Token, span: Span): Span[] {
  const start = Math.max(span.start, token.start);
  const end = Math.min(span.end, token.end);
  if (start >= end) return [];
  if (!token.isText) return [{ ...span, start: token.start, end: token.end, quoted: true }];
  const part = outsideEscapes(text, token, { ...span, start, end });
  const raw = text.slice(part.start, part.end);
  if (!/[\p{L}\p{N}]/u.test(raw)) return [];
  return [raw.includes('\\') ? { ...part, escaped: true } : part];
}

/**
 * Fits spans to a JSON document, so that it stays one: none reaches over a string's end or cuts an
 * escape, and a number is replaced as a whole, in quotes. The spans of any other text stay.
 * @param spans in order, without overlap
 */
export function fitToJson(text: string, spans: readonly Span[]): readonly Span[] {
  if (spans.length === 0 || !isJson(text)) return spans;
  const fitted: Span[] = [];
  let from = 0;
  const tokens = tokensOf(text);
  for (const span of spans) {
    while ((tokens[from]?.end ?? Infinity) <= span.start) from += 1;
    for (let at = from; (tokens[at]?.start ?? Infinity) < span.end; at += 1) {
      const token = tokens[at];
      const parts = token === undefined ? [] : within(text, token, span);
      // Two spans in one number are one; the first has it.
      for (const part of parts) if (part.start >= (fitted.at(-1)?.end ?? 0)) fitted.push(part);
    }
  }
  return fitted;
}
