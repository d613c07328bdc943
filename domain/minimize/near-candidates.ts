import type { Banding } from './banding.js';
import { MinimizeError } from './errors.js';
import { FITS, type Rows } from './equal-texts.js';
import { SKETCH_BITS_WORDS } from './sketch.js';
import { offsetsOf, type SketchSource } from './sketch-source.js';
import { createPairBuffer, type PairBuffer } from './sorted-pairs.js';

/** A record is compared with the first so many, by id, that share a band's key with it. */
export const COMPARED_PER_KEY = 32;

/** Bytes of band keys held at once; with more, the bands are read in more passes. */
const BAND_BYTES = 96 * 2 ** 20;
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
 * Whether two one-bit sketches may be of a pair at the threshold: their equal bits number no less
 * than five standard deviations below what is expected there, (1 + j) / 2 of all.
 */
function bitFilter(bits: Uint32Array, jaccard: number, width: number) {
  const share = (1 + jaccard) / 2;
  const least = Math.floor(width * share - 5 * Math.sqrt(width * share * (1 - share)));
  const most = 32 * SKETCH_BITS_WORDS - least;
  const unused = 32 * SKETCH_BITS_WORDS - width;
  return (a: number, b: number): boolean => {
    let different = unused;
    for (let word = 0; word < SKETCH_BITS_WORDS; word++) {
      const first = bits[SKETCH_BITS_WORDS * a + word] as number;
      different += countBits(first ^ (bits[SKETCH_BITS_WORDS * b + word] as number));
    }
    return different <= most;
  };
}

/** Adds the pairs of records that share a key; `keys` is sorted by key and rank. */
function pairUp(
  keys: PairBuffer,
  similar: (a: number, b: number) => boolean,
  pairs: PairBuffer,
): void {
  for (let from = 0, to = 0; from < keys.length; from = to) {
    while (to < keys.length && keys.first(to) === keys.first(from)) to++;
    for (let later = from + 1; later < to; later++) {
      const b = keys.second(later);
      const end = Math.min(later, from + COMPARED_PER_KEY);
      for (let earlier = from; earlier < end; earlier++) {
        const a = keys.second(earlier);
        if (similar(a, b)) pairs.push(b, a);
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

async function readBands(
  source: SketchSource,
  ranks: Int32Array,
  { lengths, heads }: Rows,
  bands: readonly number[],
): Promise<readonly PairBuffer[]> {
  const offsets = offsetsOf(source);
  const buffers = bands.map(() => createPairBuffer(ranks.length));
  for (const [shard, count] of source.counts.entries()) {
    const { keys } = await source.bands(shard);
    if (keys.length < ((bands.at(-1) ?? 0) + 1) * count) {
      throw new MinimizeError(
        'SKETCH_INVALID',
        'a shard has fewer bands than the policy asks; sketch it again',
      );
    }
    for (let row = 0; row < count; row++) {
      const rank = ranks[(offsets[shard] as number) + row] as number;
      // Of equal texts one stands for all.
      if (lengths[rank] !== FITS || heads[rank] !== rank) continue;
      for (const [index, band] of bands.entries()) {
        buffers[index]?.push(keys[band * count + row] as number, rank);
      }
    }
  }
  return buffers;
}

/** Pairs that may be near duplicates, by locality-sensitive hashing in passes over the band keys. */
export async function findCandidates(
  source: SketchSource,
  ranks: Int32Array,
  rows: Rows,
  near: { readonly jaccard: number; readonly permutations: number; readonly banding: Banding },
): Promise<Candidates> {
  const width = Math.min(near.permutations, 32 * SKETCH_BITS_WORDS);
  const similar = bitFilter(rows.bits, near.jaccard, width);
  const pairs = createPairBuffer(2 ** 16);
  const atOnce = Math.max(1, Math.floor(BAND_BYTES / (8 * Math.max(1, rows.total))));
  let cut = 0;
  for (let from = 0; from < near.banding.bands; from += atOnce) {
    const bands = Array.from(
      { length: Math.min(atOnce, near.banding.bands - from) },
      (_, index) => from + index,
    );
    for (const keys of await readBands(source, ranks, rows, bands)) {
      keys.sort();
      pairUp(keys, similar, pairs);
      cut += settle(pairs);
    }
  }
  return { pairs, cut };
}
