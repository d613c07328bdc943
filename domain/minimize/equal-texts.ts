import { offsetsOf, wordOf, type SketchSource } from './sketch-source.js';
import { createPairBuffer, type PairBuffer } from './sorted-pairs.js';
import { SKETCH_BITS_WORDS } from './sketch.js';

export const FITS = 0;
export const TOO_SHORT = 1;
const TOO_LONG = 2;

/** What is known of every record after one pass over the facts; all by rank. */
export interface Rows {
  readonly total: number;
  /** FITS, TOO_SHORT or TOO_LONG. */
  readonly lengths: Uint8Array;
  /** Lowest rank with an equal normalized text of a fitting length: itself where it is the first. */
  readonly heads: Int32Array;
  readonly bits: Uint32Array;
}

interface Limits {
  readonly minChars: number;
  readonly maxChars: number;
}

const lengthOf = (chars: number, { minChars, maxChars }: Limits): number =>
  chars < minChars ? TOO_SHORT : chars > maxChars ? TOO_LONG : FITS;

/** Reads lengths, texts' digests (96 bits of each) and one-bit sketches, and groups equal texts. */
export async function readRows(
  source: SketchSource,
  ranks: Int32Array,
  limits: Limits,
): Promise<Rows> {
  const offsets = offsetsOf(source);
  const total = ranks.length;
  const lengths = new Uint8Array(total);
  const bits = new Uint32Array(SKETCH_BITS_WORDS * total);
  const words = new Uint32Array(2 * total);
  const pairs = createPairBuffer(total);
  for (const [shard, count] of source.counts.entries()) {
    const facts = await source.facts(shard);
    for (let row = 0; row < count; row++) {
      const rank = ranks[(offsets[shard] as number) + row] as number;
      lengths[rank] = lengthOf(facts.chars[row] as number, limits);
      for (let word = 0; word < SKETCH_BITS_WORDS; word++) {
        bits[SKETCH_BITS_WORDS * rank + word] = facts.bits[
          SKETCH_BITS_WORDS * row + word
        ] as number;
      }
      words[2 * rank] = wordOf(facts.digests, row, 1);
      words[2 * rank + 1] = wordOf(facts.digests, row, 2);
      if (lengths[rank] === FITS) pairs.push(wordOf(facts.digests, row, 0), rank);
    }
  }
  pairs.sort();
  return { total, lengths, heads: headsOf(total, pairs, words), bits };
}

/** Within a run of equal first words the ranks ascend, so the first of each text comes first. */
function headsOf(total: number, pairs: PairBuffer, words: Uint32Array): Int32Array {
  const heads = new Int32Array(total);
  for (let rank = 0; rank < total; rank++) heads[rank] = rank;
  for (let from = 0, to = 0; from < pairs.length; from = to) {
    while (to < pairs.length && pairs.first(to) === pairs.first(from)) to++;
    if (to - from === 1) continue;
    const first = new Map<string, number>();
    for (let index = from; index < to; index++) {
      const rank = pairs.second(index);
      const key = `${String(words[2 * rank])}:${String(words[2 * rank + 1])}`;
      const head = first.get(key);
      if (head === undefined) first.set(key, rank);
      else heads[rank] = head;
    }
  }
  return heads;
}
