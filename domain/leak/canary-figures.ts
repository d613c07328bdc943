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
  /** For each canary how often training read it, all copies and steps together. */
  readonly reads: readonly number[];
  readonly confidence: number;
  /** Of the privacy claim; without one, 0. */
  readonly delta: number;
}

interface Scored {
  readonly score: number;
  readonly included: boolean;
  readonly repetitions: number;
  readonly reads: number;
}

/**
 * A quarter is guessed in and a quarter out: fixed before the scores are looked at.
 *
 * Every canary of the tier counts by its coin, also one that fell "in" and was never read. The bound
 * needs coins that are fair among those that are guessed about. Only a canary whose coin fell "in"
 * can be found unread; without these, "out" would be right more often than half the time by itself,
 * and the bound too high. A cut is part of the training that is audited: those it left out look like
 * "out", which costs correct guesses and makes the bound lower, never wrong.
 */
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
  const read = canaries.filter(({ reads }) => reads > 0);
  const exposures = measureExposure(
    read.map(({ score }) => score),
    references,
  );
  const none = exposures.length === 0;
  return {
    repetitions,
    canaries: canaries.length,
    included: canaries.filter(({ included }) => included).length,
    read: read.length,
    meanReads: none ? null : mean(read.map(({ reads }) => reads)),
    meanExposureBits: none ? null : mean(exposures.map(({ bits }) => bits)),
    maxExposureBits: none ? null : Math.max(...exposures.map(({ bits }) => bits)),
    meanExtrapolatedBits: none
      ? null
      : mean(exposures.map(({ extrapolatedBits }) => extrapolatedBits)),
    epsilon: epsilonOf(canaries, input),
  };
}

/** Canaries and their scores side by side. */
function scoredOf({ canaries, references }: CanarySet, { scores, reads }: CanaryScores): Scored[] {
  if (scores.length !== canaries.length + references.length) {
    throw new LeakError('FIGURE_INVALID', 'there is not one score for each canary and reference');
  }
  if (reads.length !== canaries.length) {
    throw new LeakError('FIGURE_INVALID', 'it is not known of every canary how often it was read');
  }
  const scored = canaries.map(({ included, recordIds }, index) => ({
    score: scores[index] ?? Number.NaN,
    included,
    repetitions: recordIds.length,
    reads: reads[index] ?? 0,
  }));
  if (!scored.some((canary) => !canary.included && canary.reads > 0)) return scored;
  throw new LeakError('FIGURE_INVALID', 'a canary was read whose coin fell "out"');
}

/** Of secrets that the model never saw; about 1.44 bits when all is well. */
function meanBits(canaries: readonly Scored[], references: readonly number[]): number | null {
  if (canaries.length === 0) return null;
  const scores = canaries.map(({ score }) => score);
  return mean(measureExposure(scores, references).map(({ bits }) => bits));
}

/**
 * Exposure and empirical epsilon by repetition tier. A tier above 1 speaks about groups of that
 * many records, not about one.
 *
 * Exposure is of canaries that training read at least once. Which of the inserted ones a cut training
 * reads follows from the public seed and from how many there are, and a secret is drawn apart from
 * both: those read are a fair sample of the inserted, and a secret that was read and not learned
 * ranks among the references like any other. The rest are told of on a line of their own.
 * @throws LeakError FIGURE_INVALID when a score is missing or not finite, or reads deny the coins
 */
export function canaryFigures(set: CanarySet, input: CanaryScores): CanaryFigures {
  const { canaries, references } = set;
  const scored = scoredOf(set, input);
  const referenceScores = input.scores.slice(canaries.length);
  const tiers = [...new Set(scored.map(({ repetitions }) => repetitions))].sort((a, b) => a - b);
  const unread = scored.filter(({ included, reads }) => included && reads === 0);
  const excluded = scored.filter(({ included }) => !included);
  return {
    canaries: canaries.length,
    references: references.length,
    secretTokens: canaries[0]?.secretIds.length ?? 0,
    tiers: tiers.map((tier) => tierOf(tier, scored, referenceScores, input)),
    unread: { canaries: unread.length, meanExposureBits: meanBits(unread, referenceScores) },
    excludedMeanExposureBits: meanBits(excluded, referenceScores),
  };
}
