import type { Word } from './types.js';

/** Subwords of a window without [CLS] and [SEP]. */
const MAX_SUBWORDS = 126;
const CLS = 101;
const SEP = 102;

/** Words `from` to `to` (exclusive) of a text, which the model sees at once. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

const sizeOf = ({ ids }: Word): number => Math.min(ids.length, MAX_SUBWORDS);

/** Whole lines packed greedily; a longer line is cut after its last sentence end, else hard. */
export function cutWindows(words: readonly Word[]): Window[] {
  const windows: Window[] = [];
  let [from, size, lastEnd, sizeAtEnd] = [0, 0, 0, 0];
  for (const [at, word] of words.entries()) {
    const own = sizeOf(word);
    while (size + own > MAX_SUBWORDS) {
      const whole = lastEnd > from;
      const to = whole ? lastEnd : at;
      windows.push({ from, to });
      size = whole ? size - sizeAtEnd : 0;
      from = to;
    }
    size += own;
    if (word.stop || words[at + 1]?.line !== word.line) {
      lastEnd = at + 1;
      sizeAtEnd = size;
    }
  }
  return from < words.length ? [...windows, { from, to: words.length }] : windows;
}

/** A window as the model takes it, and the place of each word's first subword in it. */
export interface EncodedWindow {
  readonly ids: Int32Array;
  readonly cases: Int32Array;
  readonly firsts: readonly number[];
}

/** Subword ids and case classes between [CLS] and [SEP]. */
export function encodeWindow(words: readonly Word[], { from, to }: Window): EncodedWindow {
  const ids = [CLS];
  const cases = [0];
  const firsts: number[] = [];
  for (const word of words.slice(from, to)) {
    firsts.push(ids.length);
    for (const id of word.ids.slice(0, MAX_SUBWORDS)) {
      ids.push(id);
      cases.push(word.kind);
    }
  }
  return {
    ids: Int32Array.from([...ids, SEP]),
    cases: Int32Array.from([...cases, 0]),
    firsts,
  };
}
