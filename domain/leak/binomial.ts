import { LeakError } from './errors.js';
import { incompleteBetaInverse, logGamma } from './special-functions.js';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

function checkCounts(successes: number, trials: number): void {
  const counts = [successes, trials];
  if (counts.every(Number.isInteger) && successes >= 0 && successes <= trials) return;
  throw new LeakError(
    'FIGURE_INVALID',
    `${String(successes)} of ${String(trials)} is not a count of successes; pass whole numbers`,
  );
}

/**
 * The exact (Clopper-Pearson) upper bound of a share after `successes` of `trials`, one-sided:
 * 1 - alpha^(1/n) when there were none. Without trials the bound is 1.
 * @throws LeakError FIGURE_INVALID
 */
export function shareUpperBound(successes: number, trials: number, confidence: number): number {
  checkCounts(successes, trials);
  if (successes === trials) return 1;
  if (successes === 0) return -Math.expm1(Math.log1p(-confidence) / trials);
  return incompleteBetaInverse(successes + 1, trials - successes, confidence);
}

/** The exact lower bound, one-sided; 0 when there were no successes. */
export function shareLowerBound(successes: number, trials: number, confidence: number): number {
  checkCounts(successes, trials);
  if (successes === 0) return 0;
  return incompleteBetaInverse(successes, trials - successes + 1, 1 - confidence);
}

/** The exact two-sided Clopper-Pearson interval (Biometrika 1934). */
export function shareInterval(successes: number, trials: number, confidence: number): Interval {
  const oneSided = (1 + confidence) / 2;
  return {
    low: shareLowerBound(successes, trials, oneSided),
    high: shareUpperBound(successes, trials, oneSided),
  };
}

/** The probabilities of 0..trials successes; `logP` and `logQ` are the logs of both outcomes. */
export function binomialPmf(trials: number, logP: number, logQ: number): Float64Array {
  const pmf = new Float64Array(trials + 1);
  const top = logGamma(trials + 1);
  for (let k = 0; k <= trials; k++) {
    const choices = top - logGamma(k + 1) - logGamma(trials - k + 1);
    pmf[k] = Math.exp(choices + k * logP + (trials - k) * logQ);
  }
  return pmf;
}
