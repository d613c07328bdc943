import type { Bands, Facts, Signatures } from './sketch.js';

/** The sketches of a dataset, shard by shard, read as often as the plan passes over them. */
export interface SketchSource {
  /** Records of each shard. */
  readonly counts: readonly number[];
  facts(shard: number): Promise<Facts>;
  bands(shard: number): Promise<Bands>;
  signatures(shard: number): Promise<Signatures>;
  /** Without one, all that a scratch is for is held in memory. */
  readonly scratch?: Scratch;
}

/** Where the plan puts what does not fit into memory, for as long as it is made. */
export interface Scratch {
  /** Takes bytes, which their writer changes no more, and gives the number to read them by. */
  write(bytes: Uint8Array): Promise<number>;
  read(block: number): Promise<Uint8Array>;
}

/** Position of each shard's first record in the whole dataset, and one more for its end. */
export function offsetsOf({ counts }: Pick<SketchSource, 'counts'>): readonly number[] {
  const offsets = [0];
  for (const count of counts) offsets.push((offsets.at(-1) as number) + count);
  return offsets;
}

/** Word `word` of a row's 32-byte entry, big-endian: words are ordered as the bytes are. */
export function wordOf(bytes: Uint8Array, row: number, word: number): number {
  const from = 32 * row + 4 * word;
  const [b0, b1] = [bytes[from] as number, bytes[from + 1] as number];
  const [b2, b3] = [bytes[from + 2] as number, bytes[from + 3] as number];
  return ((b0 << 24) | (b1 << 16) | (b2 << 8) | b3) >>> 0;
}
