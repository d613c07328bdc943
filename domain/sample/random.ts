import { randomStream } from '../model/index.js';

/** Where the generator's choices come from: 32-bit words of a public (seeded) or secret stream. */
export interface WordSource {
  nextWord(): number;
}

/** The draws that the generator makes. */
export interface Draw extends WordSource {
  /** A whole number in [0, limit). */
  below(limit: number): number;
  /** One item of a non-empty list. */
  pick<Item>(list: readonly Item[]): Item;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** The list in a random order; the list itself stays. */
  shuffle<Item>(list: readonly Item[]): Item[];
  /** A string of `count` decimal digits. */
  digits(count: number): string;
}

const WORDS = 2 ** 32;

/** Draws over any word source. Modulo bias is below `limit` / 2^32 and of no matter here. */
export function drawFrom(source: WordSource): Draw {
  const below = (limit: number): number => Math.floor((source.nextWord() / WORDS) * limit);
  return {
    nextWord: () => source.nextWord(),
    below,
    chance: (probability) => source.nextWord() < probability * WORDS,
    pick<Item>(list: readonly Item[]): Item {
      if (list.length === 0) throw new RangeError('pick: the list is empty');
      return list[below(list.length)] as Item;
    },
    shuffle<Item>(list: readonly Item[]): Item[] {
      const order = [...list];
      for (let at = order.length - 1; at > 0; at--) {
        const other = below(at + 1);
        [order[at], order[other]] = [order[other] as Item, order[at] as Item];
      }
      return order;
    },
    digits: (count) => Array.from({ length: count }, () => String(below(10))).join(''),
  };
}

/**
 * The draws of one record or document: a Philox stream of its own, so that changing one record's
 * recipe moves no other record.
 */
export function drawAt(seed: number, stream: number, index: number): Draw {
  return drawFrom(randomStream({ seed, purpose: 'sample', step: index, layer: stream }));
}
