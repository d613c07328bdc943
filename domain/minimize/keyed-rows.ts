import { createPairBuffer } from './sorted-pairs.js';

/** Rows sorted by a 32-bit key, each with the two words that follow its key and its place. */
export interface KeyedRows {
  push(key: number, word1: number, word2: number, place: number): void;
  /** Forgets all rows; the memory stays, for the next ones. */
  clear(): void;
  readonly length: number;
  sort(): void;
  /** The index behind the last row with the key of row `from`. */
  endOfRun(from: number): number;
  word1(index: number): number;
  word2(index: number): number;
  place(index: number): number;
}

const MORE_WORDS = 3;

/** 20 bytes a row. @param capacity rows at first; it grows by a quarter when full */
export function createKeyedRows(capacity: number): KeyedRows {
  const pairs = createPairBuffer(capacity);
  let more = new Uint32Array(MORE_WORDS * Math.max(16, capacity));
  const moreOf = (index: number, word: number): number =>
    more[MORE_WORDS * pairs.second(index) + word] as number;
  return {
    push(key, word1, word2, place) {
      const at = MORE_WORDS * pairs.length;
      if (at === more.length) {
        const larger = new Uint32Array(MORE_WORDS * Math.ceil(pairs.length * 1.25));
        larger.set(more);
        more = larger;
      }
      more[at] = word1;
      more[at + 1] = word2;
      more[at + 2] = place;
      pairs.push(key, pairs.length);
    },
    clear() {
      pairs.clear();
    },
    get length() {
      return pairs.length;
    },
    sort() {
      pairs.sort();
    },
    endOfRun(from) {
      let to = from + 1;
      while (to < pairs.length && pairs.first(to) === pairs.first(from)) to++;
      return to;
    },
    word1: (index) => moreOf(index, 0),
    word2: (index) => moreOf(index, 1),
    place: (index) => moreOf(index, 2),
  };
}

/** Rows that a pass over the facts holds; of more, each pass takes those of a range of keys. */
export const ROWS_A_PASS = 2 ** 22;

/**
 * Rows to make room for, so that those of one of several passes over even keys have theirs: six
 * standard deviations above the mean.
 */
export function roomOf(total: number, passes: number): number {
  const mean = total / passes;
  return passes === 1 ? total : Math.ceil(mean + 6 * Math.sqrt(mean));
}

/** For each pass, from the lowest keys to the highest, whether a key is its own. */
export function passesOver(total: number, rowsAPass: number): ((key: number) => boolean)[] {
  const passes = Math.max(1, Math.ceil(total / rowsAPass));
  return Array.from(
    { length: passes },
    (_, pass) => (key: number) => Math.floor((key * passes) / 2 ** 32) === pass,
  );
}
