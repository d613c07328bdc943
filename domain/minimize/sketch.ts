import { createHash } from 'node:crypto';
import type { Policy, TrainingRecord } from '../../schemas/index.js';
import { mix, countChars, normalizedText, shingleHashes } from './shingles.js';

export type SketchOptions = Pick<
  Policy['minimize']['nearDuplicates'],
  'permutations' | 'shingleWords'
>;

/** What the reduce side needs of a shard's records, column by column. */
export interface Sketches {
  readonly permutations: number;
  readonly ids: readonly string[];
  /** SHA-256 of the normalized text, 32 bytes a record. */
  readonly digests: Uint8Array;
  /** Code points of content. */
  readonly chars: Uint32Array;
  /** MinHash signatures, row-major [records, permutations]. */
  readonly signatures: Uint32Array;
}

interface Permutations {
  readonly factors: Uint32Array;
  readonly offsets: Uint32Array;
}

/** Odd factors and offsets of x -> a x + b mod 2^32, from a fixed seed: sketches stay comparable. */
function permutationsOf(count: number): Permutations {
  const factors = new Uint32Array(count);
  const offsets = new Uint32Array(count);
  for (let index = 0; index < count; index++) {
    factors[index] = mix(Math.imul(2 * index + 1, 0x9e3779b9)) | 1;
    offsets[index] = mix(Math.imul(2 * index + 2, 0x9e3779b9));
  }
  return { factors, offsets };
}

/** Writes the smallest permuted hash of each permutation (Broder 1997) into `signature`. */
function minHash(shingles: Uint32Array, permutations: Permutations, signature: Uint32Array): void {
  const { factors, offsets } = permutations;
  for (let index = 0; index < signature.length; index++) {
    const factor = factors[index] as number;
    const offset = offsets[index] as number;
    let least = 0xffffffff;
    for (let position = 0; position < shingles.length; position++) {
      let hash = Math.imul(shingles[position] as number, factor) + offset;
      // One more multiplication: without it, minima of a linear map of few values are not uniform.
      hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
      if (hash < least) least = hash;
    }
    signature[index] = least;
  }
}

/** The map side: sketches of a shard's records, in their order. */
export function sketchShard(records: Iterable<TrainingRecord>, options: SketchOptions): Sketches {
  const all = [...records];
  const { permutations, shingleWords } = options;
  const parameters = permutationsOf(permutations);
  const digests = new Uint8Array(all.length * 32);
  const chars = new Uint32Array(all.length);
  const signatures = new Uint32Array(all.length * permutations);
  all.forEach((record, row) => {
    const text = normalizedText(record);
    digests.set(createHash('sha256').update(text).digest(), row * 32);
    chars[row] = countChars(record);
    const signature = signatures.subarray(row * permutations, (row + 1) * permutations);
    minHash(shingleHashes(text, shingleWords), parameters, signature);
  });
  return { permutations, ids: all.map(({ id }) => id), digests, chars, signatures };
}
