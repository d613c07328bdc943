/**
 * Philox4x32-10, a counter-based generator: the block at a counter is a pure function of key and
 * counter, so a draw needs no state and a resumed run needs none saved.
 * Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11; Random123 1.14.
 */
const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

/** High word of the 64-bit product of two unsigned 32-bit words. */
function mulHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const cross = aLow * bHigh + (middle % 0x10000);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(cross / 0x10000)) >>> 0;
}

/** The four output words of one block, written to `out` (unsigned 32-bit). */
export function philoxBlock(
  key: readonly [number, number],
  counter: readonly [number, number, number, number],
  out: Uint32Array,
): void {
  let [k0, k1] = key;
  let [c0, c1, c2, c3] = counter;
  for (let round = 0; round < 10; round++) {
    const high0 = mulHigh(M0, c0 >>> 0);
    const low0 = Math.imul(M0, c0);
    const high1 = mulHigh(M1, c2 >>> 0);
    const low1 = Math.imul(M1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + W0) | 0;
    k1 = (k1 + W1) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** What public randomness is used for; part of the counter, so that purposes never share draws. */
export const PURPOSES = ['initialize', 'shuffle', 'dropout', 'sample'] as const;
export type Purpose = (typeof PURPOSES)[number];

export interface StreamKey {
  readonly seed: number;
  readonly purpose: Purpose;
  readonly step: number;
  /** Layer and module, or whatever else separates streams of one step; below 2^24. */
  readonly layer: number;
}

export interface RandomStream {
  /** The next 32-bit word of the stream. */
  nextWord(): number;
  /** The next number in [0, 1), with 24 bits, exact in float32. */
  nextUniform(): number;
}

/**
 * The stream of (seed, purpose, step, layer); its position counts words from 0.
 * The seed's 64 bits are the Philox key; purpose, layer, step and position / 4 fill the counter.
 */
export function randomStream({ seed, purpose, step, layer }: StreamKey): RandomStream {
  const key: [number, number] = [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0];
  const high = ((PURPOSES.indexOf(purpose) << 24) | layer) >>> 0;
  const block = new Uint32Array(4);
  let position = 0;
  const nextWord = (): number => {
    if (position % 4 === 0) {
      const index = position / 4;
      const counter = [index >>> 0, Math.floor(index / 2 ** 32) >>> 0, step >>> 0, high] as const;
      philoxBlock(key, counter, block);
    }
    return block[position++ % 4] ?? 0;
  };
  return { nextWord, nextUniform: () => (nextWord() >>> 8) / 2 ** 24 };
}
