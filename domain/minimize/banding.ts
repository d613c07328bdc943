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

/** Hash of the entries of one band of a signature. */
export function bandKey(signature: Uint32Array, band: number, rows: number): number {
  let hash = band;
  for (let index = band * rows; index < (band + 1) * rows; index++) {
    hash = mix(hash ^ (signature[index] as number)) + 0x9e3779b9;
  }
  return mix(hash);
}
