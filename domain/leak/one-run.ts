import { binomialPmf, shareLowerBound, shareUpperBound } from './binomial.js';
import { LeakError } from './errors.js';

export interface Guesses {
  /** Canaries with a coin, m. */
  readonly canaries: number;
  /** Guesses made, r; the rest abstained. Fixed before the scores were looked at. */
  readonly guesses: number;
  readonly correct: number;
  readonly delta: number;
}

function checkGuesses({ canaries, guesses, correct, delta }: Guesses): void {
  const whole = [canaries, guesses, correct].every(Number.isInteger);
  const ordered = correct >= 0 && correct <= guesses && guesses >= 1 && guesses <= canaries;
  if (whole && ordered && delta >= 0 && delta < 1) return;
  throw new LeakError(
    'FIGURE_INVALID',
    `${String(correct)} right of ${String(guesses)} guesses over ${String(canaries)} canaries (delta ${String(delta)}) is not an audit`,
  );
}

/**
 * The largest probability of at least this many correct guesses if training were
 * (epsilon, delta)-differentially private.
 * Source: Steinke, Nasr, Jagielski, NeurIPS 2023, arXiv 2305.08846, Theorem 5.2.
 */
export function oneRunPValue(guessed: Guesses, epsilon: number): number {
  checkGuesses(guessed);
  const { canaries, guesses, correct, delta } = guessed;
  // q = e^eps / (1 + e^eps), in logs so that a large epsilon keeps 1 - q.
  const logQ = -Math.log1p(Math.exp(-epsilon));
  const pmf = binomialPmf(guesses, logQ, logQ - epsilon);
  let beta = 0;
  for (let k = guesses; k >= correct; k--) beta += pmf[k] ?? 0;
  let window = 0;
  let alpha = 0;
  for (let i = 1; i <= correct; i++) {
    window += pmf[correct - i] ?? 0;
    alpha = Math.max(alpha, window / i);
  }
  return Math.min(1, beta + 2 * canaries * delta * alpha);
}

const MAX_EPSILON = 64;

function supremumBelow(test: (epsilon: number) => boolean): number {
  if (!test(0)) return 0;
  let low = 0;
  let high = MAX_EPSILON;
  for (let round = 0; round < 50; round++) {
    const middle = (low + high) / 2;
    if (test(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * At this confidence, no (epsilon', delta) claim with epsilon' below the result holds for this
 * training run with respect to the canaries. Not an upper bound; 0 certifies nothing.
 */
export function oneRunEpsilonLowerBound(guessed: Guesses, confidence: number): number {
  const significance = 1 - confidence;
  return supremumBelow((epsilon) => oneRunPValue(guessed, epsilon) < significance);
}

/** The lower bound that a perfect attack would have reached: what the audit could show at most. */
export function oneRunCeiling(guessed: Omit<Guesses, 'correct'>, confidence: number): number {
  return oneRunEpsilonLowerBound({ ...guessed, correct: guessed.guesses }, confidence);
}

export interface ScoredCanary {
  /** Higher means more likely trained on; from the model alone. */
  readonly score: number;
  readonly included: boolean;
}

/**
 * Guesses "in" for the highest and "out" for the lowest scores. Equal scores are ordered by their
 * position, which knows nothing of the coins.
 * @throws LeakError FIGURE_INVALID when a score is not a number
 */
export function countCorrectGuesses(
  canaries: readonly ScoredCanary[],
  guessesIn: number,
  guessesOut: number,
): number {
  if (canaries.some(({ score }) => Number.isNaN(score))) {
    throw new LeakError('FIGURE_INVALID', 'a canary has no score; the audit has no result');
  }
  if (guessesIn + guessesOut > canaries.length) {
    throw new LeakError('FIGURE_INVALID', 'more guesses than canaries');
  }
  const ranked = canaries
    .map((canary, index) => ({ ...canary, index }))
    .sort((a, b) => b.score - a.score || a.index - b.index);
  const right = ranked.slice(0, guessesIn).filter(({ included }) => included).length;
  const low = guessesOut === 0 ? [] : ranked.slice(-guessesOut);
  return right + low.filter(({ included }) => !included).length;
}

export interface TwoGroups {
  readonly truePositives: number;
  readonly included: number;
  readonly falsePositives: number;
  readonly excluded: number;
  readonly delta: number;
}

/**
 * ln((TPR_low - delta) / FPR_high), Clopper-Pearson each at half of the error. Derived for
 * independent runs: with the canaries of a single run a secondary figure.
 */
export function twoGroupEpsilonLowerBound(groups: TwoGroups, confidence: number): number {
  const side = (1 + confidence) / 2;
  const low = shareLowerBound(groups.truePositives, groups.included, side) - groups.delta;
  const high = shareUpperBound(groups.falsePositives, groups.excluded, side);
  return low <= 0 ? 0 : Math.max(0, Math.log(low / high));
}
