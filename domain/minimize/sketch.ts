import { hash } from 'node:crypto';
import type { Policy, TrainingRecord } from '../../schemas/index.js';
import { bandingFor, bandKey } from './banding.js';
import { MinimizeError } from './errors.js';
import { mix, countChars, normalizedText, shingleHashes } from './shingles.js';

export type SketchOptions = Policy['minimize']['nearDuplicates'];

/** Words of the one-bit sketch: the lowest bit of the first 64 entries of a signature (Li and König 2010). */
export const SKETCH_BITS_WORDS = 2;

/** What the reduce side needs of every record, column by column, in the shard's order. */
export interface Facts {
  /** The part of the ids before the colon, the same for all; eight characters. */
  readonly keyId: string;
  /** 32 bytes a record. */
  readonly ids: Uint8Array;
  /** SHA-256 of the normalized text, 32 bytes a record. */
  readonly digests: Uint8Array;
  /** Code points of content. */
  readonly chars: Uint32Array;
  /** One-bit sketches, {@link SKETCH_BITS_WORDS} a record; zeros when near duplicates are kept. */
  readonly bits: Uint32Array;
}

/** Keys by which similar records meet. */
export interface Bands {
  readonly count: number;
  /** Column-major [bands, records]. */
  readonly keys: Uint32Array;
}

/** MinHash signatures, each entry its lowest 16 bits: what a candidate pair is verified by. */
export interface Signatures {
  readonly permutations: number;
  /** Row-major [records, permutations]. */
  readonly entries: Uint16Array;
}

export interface Sketches {
  readonly facts: Facts;
  readonly bands: Bands;
  readonly signatures: Signatures;
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

/** With its sign bit turned, an unsigned number compares as a signed one: the faster comparison. */
const SIGN = 0x80000000 | 0;

/** Writes the smallest permuted hash of each permutation (Broder 1997) into `signature`. */
function minHash(shingles: Uint32Array, permutations: Permutations, signature: Uint32Array): void {
  const { factors, offsets } = permutations;
  for (let index = 0; index < signature.length; index++) {
    const factor = factors[index] as number;
    const offset = offsets[index] as number;
    let least = 0x7fffffff;
    for (let position = 0; position < shingles.length; position++) {
      const linear = (Math.imul(shingles[position] as number, factor) + offset) | 0;
      // One more multiplication: without it, minima of a linear map of few values are not uniform.
      const value = Math.imul(linear ^ (linear >>> 15), 0x2c1b3c6d) ^ SIGN;
      if (value < least) least = value;
    }
    signature[index] = least ^ SIGN;
  }
}

const ID = /^[0-9a-f]{8}:[0-9a-f]{64}$/;

function writeId(id: string, keyId: string, row: number, ids: Buffer): void {
  if (!ID.test(id) || !id.startsWith(keyId)) {
    throw new MinimizeError(
      'SKETCH_INVALID',
      `record ${id} has an id of another key than its shard`,
    );
  }
  ids.write(id.slice(9), 32 * row, 'hex');
}

/** The map side: sketches of a shard's records, in their order. @throws MinimizeError SKETCH_INVALID */
export function sketchShard(
  records: readonly TrainingRecord[],
  { action, jaccard, permutations, shingleWords }: SketchOptions,
): Sketches {
  const count = records.length;
  const keyId = records[0]?.id.slice(0, 8) ?? '00000000';
  const columns = action === 'drop' ? permutations : 0;
  const { bands, rows } = bandingFor(jaccard, permutations);
  const keys = new Uint32Array(columns === 0 ? 0 : bands * count);
  const parameters = permutationsOf(columns);
  const [ids, digests] = [Buffer.alloc(32 * count), new Uint8Array(32 * count)];
  const [chars, bits] = [new Uint32Array(count), new Uint32Array(SKETCH_BITS_WORDS * count)];
  const entries = new Uint16Array(columns * count);
  const signature = new Uint32Array(columns);
  for (const [row, record] of records.entries()) {
    const text = normalizedText(record);
    writeId(record.id, keyId, row, ids);
    digests.set(hash('sha256', text, 'buffer'), row * 32);
    chars[row] = countChars(record);
    if (columns === 0) continue;
    minHash(shingleHashes(text, shingleWords), parameters, signature);
    entries.set(signature, row * columns);
    for (let band = 0; band < bands; band++) {
      keys[band * count + row] = bandKey(signature, band, rows);
    }
    for (let bit = 0; bit < Math.min(columns, 32 * SKETCH_BITS_WORDS); bit++) {
      const word = SKETCH_BITS_WORDS * row + (bit >> 5);
      bits[word] = (bits[word] as number) | (((signature[bit] as number) & 1) << (bit & 31));
    }
  }
  return {
    facts: { keyId, ids, digests, chars, bits },
    bands: { count, keys },
    signatures: { permutations: columns, entries },
  };
}
