import { readBandedRows, type HeldLimits } from './banded-rows.js';
import type { Banding } from './banding.js';
import type { Rows } from './equal-texts.js';
import { createKeyedRows, type KeyedRows } from './keyed-rows.js';
import { SKETCH_BITS_WORDS } from './sketch.js';
import type { SketchSource } from './sketch-source.js';
import { createPairBuffer, type PairBuffer } from './sorted-pairs.js';

/** A record is compared with the first so many, by id, that share a band's key with it. */
export const COMPARED_PER_KEY = 32;

/** Candidate pairs held at most; with more, each record keeps fewer of them, the first by id. */
const MAX_PAIRS = 2 ** 24;

export interface Candidates {
  /** (later rank, earlier rank), sorted, each once. */
  readonly pairs: PairBuffer;
  /** Pairs that were given up so that the rest fits. */
  readonly cut: number;
}

function countBits(value: number): number {
  let bits = value - ((value >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/**
 * Whether the one-bit sketches of two rows may be of a pair at the threshold: their equal bits number
 * no less than five standard deviations below what is expected there, (1 + j) / 2 of all.
 */
function bitFilter(rows: KeyedRows, jaccard: number, width: number) {
  const share = (1 + jaccard) / 2;
  const least = Math.floor(width * share - 5 * Math.sqrt(width * share * (1 - share)));
  // Bits that no permutation sets are equal in all sketches.
  const most = width - least;
  return (a: number, b: number): boolean =>
    countBits(rows.word1(a) ^ rows.word1(b)) + countBits(rows.word2(a) ^ rows.word2(b)) <= most;
}

/** Adds the pairs of records that share a key; `rows` is sorted by key. */
function pairUp(
  rows: KeyedRows,
  similar: (a: number, b: number) => boolean,
  pairs: PairBuffer,
): void {
  /** (rank, row) of one key, sorted. */
  const run = createPairBuffer(COMPARED_PER_KEY);
  for (let from = 0, to = 0; from < rows.length; from = to) {
    to = rows.endOfRun(from);
    if (to - from === 1) continue;
    run.clear();
    for (let row = from; row < to; row++) run.push(rows.place(row), row);
    run.sort();
    for (let later = 1; later < run.length; later++) {
      const row = run.second(later);
      const end = Math.min(later, COMPARED_PER_KEY);
      for (let earlier = 0; earlier < end; earlier++) {
        if (similar(run.second(earlier), row)) pairs.push(run.first(later), run.first(earlier));
      }
    }
  }
}

/** Sorts, drops repeats and, past the limit, all but the first few pairs of each record. */
function settle(pairs: PairBuffer): number {
  pairs.sort();
  pairs.compact();
  const before = pairs.length;
  for (let most = COMPARED_PER_KEY / 2; pairs.length > MAX_PAIRS && most >= 1; most /= 2) {
    let [current, seen] = [-1, 0];
    const limit = most;
    pairs.compact((index) => {
      const later = pairs.first(index);
      seen = later === current ? seen + 1 : 1;
      current = later;
      return seen <= limit;
    });
  }
  return before - pairs.length;
}

/**
 * Pairs that may be near duplicates, by locality-sensitive hashing: band keys and facts are read once,
 * then the bands are sorted and paired up partition by partition.
 */
export async function findCandidates(
  source: SketchSource,
  ranks: Int32Array,
  rows: Rows,
  near: { readonly jaccard: number; readonly permutations: number; readonly banding: Banding },
  limits: HeldLimits,
): Promise<Candidates> {
  const { bands } = near.banding;
  const banded = await readBandedRows(source, ranks, rows, bands, limits);
  const held = createKeyedRows(banded.mostRows);
  const similar = bitFilter(
    held,
    near.jaccard,
    Math.min(near.permutations, 32 * SKETCH_BITS_WORDS),
  );
  const pairs = createPairBuffer(Math.min(MAX_PAIRS, COMPARED_PER_KEY * rows.total));
  let cut = 0;
  for (let band = 0; band < bands; band++) {
    for (let partition = 0; partition < banded.partitions; partition++) {
      held.clear();
      await banded.take(band, partition, held);
      held.sort();
      pairUp(held, similar, pairs);
    }
    // After a whole band, so that what is cut depends on no limit of memory.
    cut += settle(pairs);
  }
  return { pairs, cut };
}
