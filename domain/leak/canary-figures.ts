import type { CanarySet, LeakReport } from '../../schemas/index.js';
import { LeakError } from './errors.js';
import { measureExposure } from './exposure.js';
import { mean } from './mean.js';
import { countCorrectGuesses, oneRunCeiling, oneRunEpsilonLowerBound } from './one-run.js';

export type CanaryFigures = NonNullable<LeakReport['canaries']>;
type Tier = CanaryFigures['tiers'][number];

export interface CanaryScores {
  /**
   * One for each of {@link scoredRecords}, in their order: the negative log-likelihood of the
   * secret span alone under the adapter minus that under the base model, nats. Lower: better known.
   */
  readonly scores: readonly number[];
  readonly confidence: number;
  /** Of the privacy claim; without one, 0. */
  readonly delta: number;
}

interface Scored {
  readonly score: number;
  readonly included: boolean;
  readonly repetitions: number;
}

/** A quarter is guessed in and a quarter out: fixed before the scores are looked at. */
function epsilonOf(
  canaries: readonly Scored[],
  { confidence, delta }: CanaryScores,
): Tier['epsilon'] {
  const side = Math.max(1, Math.floor(canaries.length / 4));
  const guesses = 2 * side;
  if (guesses > canaries.length) return null;
  const negated = canaries.map(({ score, included }) => ({ score: -score, included }));
  const correct = countCorrectGuesses(negated, side, side);
  const guessed = { canaries: canaries.length, guesses, delta };
  return {
    lowerBound: oneRunEpsilonLowerBound({ ...guessed, correct }, confidence),
    ceiling: oneRunCeiling(guessed, confidence),
    guesses,
    correct,
    delta,
  };
}

function tierOf(
  repetitions: number,
  all: readonly Scored[],
  references: readonly number[],
  input: CanaryScores,
): Tier {
  const canaries = all.filter((canary) => canary.repetitions === repetitions);
  const included = canaries.filter((canary) => canary.included);
  const exposures = measureExposure(
    included.map(({ score }) => score),
    references,
  );
  const none = exposures.length === 0;
  return {
    repetitions,
    canaries: canaries.length,
    included: included.length,
    meanExposureBits: none ? null : mean(exposures.map(({ bits }) => bits)),
    maxExposureBits: none ? null : Math.max(...exposures.map(({ bits }) => bits)),
    meanExtrapolatedBits: none
      ? null
      : mean(exposures.map(({ extrapolatedBits }) => extrapolatedBits)),
    epsilon: epsilonOf(canaries, input),
  };
}

/**
 * Exposure and empirical epsilon by repetition tier. A tier above 1 speaks about groups of that
 * many records, not about one.
 * @throws LeakError FIGURE_INVALID when a score is missing or not finite
 */
export function canaryFigures(set: CanarySet, input: CanaryScores): CanaryFigures {
  const { canaries, references } = set;
  if (input.scores.length !== canaries.length + references.length) {
    throw new LeakError('FIGURE_INVALID', 'there is not one score for each canary and reference');
  }
  const scored = canaries.map(({ included, recordIds }, index) => ({
    score: input.scores[index] ?? Number.NaN,
    included,
    repetitions: recordIds.length,
  }));
  const referenceScores = input.scores.slice(canaries.length);
  const tiers = [...new Set(scored.map(({ repetitions }) => repetitions))].sort((a, b) => a - b);
  const excluded = measureExposure(
    scored.filter(({ included }) => !included).map(({ score }) => score),
    referenceScores,
  );
  return {
    canaries: canaries.length,
    references: references.length,
    secretTokens: canaries[0]?.secretIds.length ?? 0,
    tiers: tiers.map((tier) => tierOf(tier, scored, referenceScores, input)),
    excludedMeanExposureBits: excluded.length === 0 ? null : mean(excluded.map(({ bits }) => bits)),
  };
}
