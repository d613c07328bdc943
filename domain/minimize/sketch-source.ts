import type { Bands, Facts, Signatures } from './sketch.js';

/** The sketches of a dataset, shard by shard, read as often as the plan passes over them. */
export interface SketchSource {
  /** Records of each shard. */
  readonly counts: readonly number[];
  facts(shard: number): Promise<Facts>;
  bands(shard: number): Promise<Bands>;
  signatures(shard: number): Promise<Signatures>;
}

/** Position of each shard's first record in the whole dataset, and one more for its end. */
export function offsetsOf({ counts }: Pick<SketchSource, 'counts'>): readonly number[] {
  const offsets = [0];
  for (const count of counts) offsets.push((offsets.at(-1) as number) + count);
  return offsets;
}

/** First 12 bytes of each 32-byte entry as three words, big-endian: their order is that of the bytes. */
export function readPrefix(bytes: Uint8Array, row: number, words: Uint32Array, at: number): void {
  for (let word = 0; word < 3; word++) {
    const from = 32 * row + 4 * word;
    words[3 * at + word] =
      (((bytes[from] as number) << 24) |
        ((bytes[from + 1] as number) << 16) |
        ((bytes[from + 2] as number) << 8) |
        (bytes[from + 3] as number)) >>>
      0;
  }
}
