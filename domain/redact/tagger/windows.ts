import type { Frame, Word } from './types.js';

/** Words `from` to `to` (exclusive) of a text, which the model sees at once. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/**
 * Whole lines packed greedily into windows of at most `limit` subwords; a longer line is cut after
 * its last sentence end, else hard.
 */
export function cutWindows(words: readonly Word[], limit: number): Window[] {
  const windows: Window[] = [];
  let [from, size, lastEnd, sizeAtEnd] = [0, 0, 0, 0];
  for (const [at, word] of words.entries()) {
    const own = Math.min(word.ids.length, limit);
    while (size + own > limit) {
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

/** Subword ids and case classes within the frame; case class 0 for the frame itself. */
export function encodeWindow(
  words: readonly Word[],
  { from, to }: Window,
  { before, after, subwords }: Frame,
): EncodedWindow {
  const ids = [...before];
  const cases = before.map(() => 0);
  const firsts: number[] = [];
  for (const word of words.slice(from, to)) {
    firsts.push(ids.length);
    for (const id of word.ids.slice(0, subwords)) {
      ids.push(id);
      cases.push(word.kind);
    }
  }
  return {
    ids: Int32Array.from([...ids, ...after]),
    cases: Int32Array.from([...cases, ...after.map(() => 0)]),
    firsts,
  };
}
