/** Deeper JSON is refused before it is parsed: what walks it later is recursive. */
export const MAX_JSON_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

export interface JsonStructure {
  /** Members as written, repeated ones counted. */
  readonly members: number;
  readonly depth: number;
}

/** Index of the quote that closes the string opened at `from`, or the text's length. */
function closingQuote(text: string, from: number): number {
  for (let end = text.indexOf('"', from + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}

/**
 * Counts what JSON.parse hides: repeated members, of which it keeps the last, and nesting. The text
 * need not be valid JSON. Colons outside of strings are members.
 */
export function scanJson(text: string): JsonStructure {
  let [members, open, depth] = [0, 0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = closingQuote(text, at);
    else if (code === 0x3a) members += 1;
    else if (code === 0x7b || code === 0x5b) depth = Math.max(depth, (open += 1));
    else if (code === 0x7d || code === 0x5d) open -= 1;
  }
  return { members, depth };
}

/** Members of a parsed value, over all its levels. */
export function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) {
    let inside = 0;
    for (const item of value) inside += countMembers(item);
    return inside;
  }
  const keys = Object.keys(value);
  let count = keys.length;
  for (const key of keys) count += countMembers((value as Record<string, unknown>)[key]);
  return count;
}
