/**
 * Pairs of 32-bit numbers in one buffer, sorted by the first and then the second. A pair is a 64-bit
 * integer, so that the engine's own sort of typed arrays orders them: ten million in about a second,
 * with no object a pair. Needs a little-endian machine, as Node's all are.
 */
export interface PairBuffer {
  push(first: number, second: number): void;
  /** Forgets all pairs; the memory stays, for the next ones. */
  clear(): void;
  readonly length: number;
  first(index: number): number;
  second(index: number): number;
  sort(): void;
  /** Of sorted pairs, drops those that `keep` refuses; equal neighbours always. */
  compact(keep?: (index: number) => boolean): void;
}

/**
 * @param capacity pairs at first: room that is not written to takes no memory yet. It grows by a
 * quarter when full, and while it does takes the old room and the new
 */
export function createPairBuffer(capacity: number): PairBuffer {
  let words = new Uint32Array(2 * Math.max(16, capacity));
  let length = 0;
  return {
    push(first, second) {
      if (2 * length === words.length) {
        const larger = new Uint32Array(2 * Math.ceil(length * 1.25));
        larger.set(words);
        words = larger;
      }
      words[2 * length] = second;
      words[2 * length + 1] = first;
      length++;
    },
    clear() {
      length = 0;
    },
    get length() {
      return length;
    },
    first: (index) => words[2 * index + 1] as number,
    second: (index) => words[2 * index] as number,
    sort() {
      new BigUint64Array(words.buffer, 0, length).sort();
    },
    compact(keep = () => true) {
      let kept = 0;
      let [last0, last1] = [-1, -1];
      for (let index = 0; index < length; index++) {
        const [word0, word1] = [words[2 * index] as number, words[2 * index + 1] as number];
        if ((word0 === last0 && word1 === last1) || !keep(index)) continue;
        [last0, last1] = [word0, word1];
        words[2 * kept] = word0;
        words[2 * kept + 1] = word1;
        kept++;
      }
      length = kept;
    },
  };
}
