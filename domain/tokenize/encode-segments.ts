import type { Segment } from './segments.js';
import type { TextTokenizer } from './tokenizer.js';

export interface EncodedSegments {
  readonly ids: readonly number[];
  /** 1 where the token belongs to a response. */
  readonly response: Uint8Array;
}

function commonPrefix(a: readonly number[], b: readonly number[]): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

type Codec = Pick<TextTokenizer, 'encode' | 'decode'>;

/** How many of the ids spell nothing but the prefix, for tokenizers that join or mark starts. */
function tokensWithin(prefix: string, ids: readonly number[], { encode, decode }: Codec): number {
  let count = commonPrefix(ids, encode(prefix));
  while (count < ids.length && prefix.startsWith(decode(ids.slice(0, count + 1)))) count++;
  return count;
}

/**
 * Where each segment ends in `ids`: by the segments' own tokens where these are the whole's,
 * otherwise by the text that the tokens spell.
 */
function segmentEnds(ids: readonly number[], segments: readonly Segment[], codec: Codec): number[] {
  const parts = segments.map(({ text }) => codec.encode(text));
  const joined = parts.flat();
  if (joined.length === ids.length && commonPrefix(joined, ids) === ids.length) {
    let end = 0;
    return parts.map((part) => (end += part.length));
  }
  let text = '';
  return segments.map((segment, index) => {
    text += segment.text;
    return index === segments.length - 1 ? ids.length : tokensWithin(text, ids, codec);
  });
}

/**
 * The ids of the whole text, as one call of the model's own tokenizer gives them, and which of
 * them are response. A token across the start of a response counts as response.
 */
export function encodeSegments(
  tokenizer: Codec,
  segments: readonly Segment[],
  leadingIds: readonly number[],
): EncodedSegments {
  const ids = tokenizer.encode(segments.map(({ text }) => text).join(''));
  const response = new Uint8Array(leadingIds.length + ids.length);
  let start = 0;
  segmentEnds(ids, segments, tokenizer).forEach((end, index) => {
    if (segments[index]?.response === true) {
      response.fill(1, leadingIds.length + start, leadingIds.length + end);
    }
    start = Math.max(start, end);
  });
  return { ids: [...leadingIds, ...ids], response };
}
