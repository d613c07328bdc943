import { mix } from './shingles.js';

export interface Banding {
  readonly bands: number;
  readonly rows: number;
  /** Chance that two records exactly at the threshold share a band. */
  readonly recallAtThreshold: number;
}

const WANTED_RECALL = 0.98;

/**
 * The most selective banding that still brings pairs at the threshold together: the most rows a
 * band for which 1 - (1 - j^rows)^bands stays above 0.98 (Leskovec et al., Mining of Massive
 * Datasets, 3.4).
 */
export function bandingFor(jaccard: number, permutations: number): Banding {
  let best: Banding = { bands: permutations, rows: 1, recallAtThreshold: 1 };
  for (let rows = 1; rows <= permutations; rows++) {
    const bands = Math.floor(permutations / rows);
    const recallAtThreshold = 1 - (1 - jaccard ** rows) ** bands;
    if (recallAtThreshold < WANTED_RECALL) break;
    best = { bands, rows, recallAtThreshold };
  }
  return best;
}

export interface Match {
  readonly row: number;
  /** Share of equal signature entries, an unbiased estimate of the Jaccard similarity. */
  readonly similarity: number;
}

export interface NearIndex {
  /** The most similar added row at or above the threshold; of equals the one added first. */
  find(row: number): Match | undefined;
  add(row: number): void;
}

function tableBitsFor(rows: number): number {
  return Math.max(4, Math.ceil(Math.log2(Math.max(1, rows))) + 1);
}

/** Locality-sensitive hashing over row-major signatures; per band a chained table in typed arrays. */
export function createNearIndex(
  signatures: Uint32Array,
  permutations: number,
  jaccard: number,
  { bands, rows }: Banding,
): NearIndex {
  const count = signatures.length / permutations;
  const shift = 32 - tableBitsFor(count);
  const heads = Array.from({ length: bands }, () =>
    new Int32Array(2 ** tableBitsFor(count)).fill(-1),
  );
  const nexts = Array.from({ length: bands }, () => new Int32Array(count).fill(-1));
  const seenBy = new Int32Array(count).fill(-1);
  const least = Math.ceil(jaccard * permutations - 1e-9);

  const slotOf = (row: number, band: number): number => {
    const start = row * permutations + band * rows;
    let hash = band;
    for (let index = start; index < start + rows; index++) {
      hash = mix(hash ^ (signatures[index] as number)) + 0x9e3779b9;
    }
    return mix(hash) >>> shift;
  };
  const equalEntries = (a: number, b: number): number => {
    let equal = 0;
    const first = a * permutations;
    const second = b * permutations;
    for (let index = 0; index < permutations; index++) {
      if (signatures[first + index] === signatures[second + index]) equal++;
    }
    return equal;
  };
  const add = (row: number): void => {
    for (let band = 0; band < bands; band++) {
      const slot = slotOf(row, band);
      const head = heads[band] as Int32Array;
      (nexts[band] as Int32Array)[row] = head[slot] as number;
      head[slot] = row;
    }
  };
  const find = (row: number): Match | undefined => {
    let best = -1;
    let bestEqual = least - 1;
    for (let band = 0; band < bands; band++) {
      const next = nexts[band] as Int32Array;
      let other = (heads[band] as Int32Array)[slotOf(row, band)] as number;
      for (; other !== -1; other = next[other] as number) {
        if (seenBy[other] === row) continue;
        seenBy[other] = row;
        const equal = equalEntries(row, other);
        if (equal > bestEqual || (equal === bestEqual && best !== -1 && other < best)) {
          best = other;
          bestEqual = equal;
        }
      }
    }
    return best === -1 ? undefined : { row: best, similarity: bestEqual / permutations };
  };
  return { find, add };
}
