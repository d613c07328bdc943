import { LeakError } from './errors.js';
import { fitSkewNormal, skewNormalCdf } from './skew-normal.js';

export interface Exposure {
  /** 1 for a secret that is likelier than every reference. */
  readonly rank: number;
  /** log2 n - log2 rank. */
  readonly bits: number;
  /** Valid for a secret that was never inserted: (1 + #{reference <= s}) / (n + 1). */
  readonly pValue: number;
  /** -log2 of the references' fitted distribution below the secret; reaches beyond log2 n. */
  readonly extrapolatedBits: number;
}

/**
 * Exposure of secrets whose scores are negative log-likelihoods (or differences of them to the
 * base model's), lower meaning better known, against references that were never inserted.
 * Source: Carlini et al., The Secret Sharer, USENIX Security 2019, sections 4 and 5.
 * @throws LeakError FIGURE_INVALID without references, when they all score alike, or when a score is not finite
 */
export function measureExposure(
  scores: readonly number[],
  references: readonly number[],
): Exposure[] {
  if (references.length === 0 || ![...scores, ...references].every(Number.isFinite)) {
    throw new LeakError('FIGURE_INVALID', 'exposure needs finite scores and some references');
  }
  // A distribution of one value has no tail to read beyond.
  if (references.every((reference) => reference === references[0])) {
    throw new LeakError('FIGURE_INVALID', 'the references all score alike: nothing was learned');
  }
  const fitted = fitSkewNormal(references);
  return scores.map((score) => {
    const below = references.filter((reference) => reference < score).length;
    const atMost = references.filter((reference) => reference <= score).length;
    const rank = below + 1;
    return {
      rank,
      // Above every reference the rank is n + 1; that is no exposure, not less than none.
      bits: Math.max(0, Math.log2(references.length) - Math.log2(rank)),
      pValue: (1 + atMost) / (references.length + 1),
      extrapolatedBits: Math.max(0, -Math.log2(skewNormalCdf(score, fitted))),
    };
  });
}
