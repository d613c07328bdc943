import { LeakError } from './errors.js';
import { mean } from './mean.js';

export interface MembershipScores {
  /** Mean negative log-likelihood, nats a token. */
  readonly loss: number;
  /** Mean of the lowest share of token log-probabilities (Shi et al. 2024). */
  readonly minK: number;
  /** The same of standardized log-probabilities (Zhang et al. 2025, Min-K%++). */
  readonly minKPlusPlus: number;
}

function meanOfLowest(values: readonly number[], share: number): number {
  const count = Math.max(1, Math.floor(values.length * share));
  return mean([...values].sort((a, b) => a - b).slice(0, count));
}

/**
 * Membership scores of one sequence.
 * @param logits one row of the vocabulary's size for each target
 * @param share of tokens that Min-K% looks at
 */
export function membershipScores(
  logits: readonly ArrayLike<number>[],
  targets: readonly number[],
  share = 0.2,
): MembershipScores {
  const logP: number[] = [];
  const standardized: number[] = [];
  targets.forEach((target, index) => {
    const row = Float64Array.from(logits[index] ?? []);
    const top = row.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
    const total = top + Math.log(row.reduce((sum, logit) => sum + Math.exp(logit - top), 0));
    let expected = 0;
    let square = 0;
    for (const logit of row) {
      const p = Math.exp(logit - total);
      expected += p * (logit - total);
      square += p * (logit - total) ** 2;
    }
    const own = (row[target] ?? Number.NaN) - total;
    logP.push(own);
    standardized.push((own - expected) / Math.sqrt(square - expected * expected));
  });
  return {
    loss: -mean(logP),
    minK: meanOfLowest(logP, share),
    minKPlusPlus: meanOfLowest(standardized, share),
  };
}

/** The area under the ROC curve: how often a member scores above a non-member; ties count half. */
export function areaUnderRoc(members: readonly number[], others: readonly number[]): number {
  let wins = 0;
  for (const member of members) {
    for (const other of others) wins += member > other ? 1 : member === other ? 0.5 : 0;
  }
  return wins / (members.length * others.length);
}

const MIN_CONTROLS = 100;

/**
 * The share of members above the score that at most 1% of the others exceed.
 * @throws LeakError FIGURE_INVALID with fewer than 100 controls: 1% of them is not one
 */
export function truePositiveRateAt1Percent(
  members: readonly number[],
  others: readonly number[],
): number {
  if (others.length < MIN_CONTROLS) {
    throw new LeakError('FIGURE_INVALID', 'a rate at 1% false positives needs 100 controls');
  }
  const descending = [...others].sort((a, b) => b - a);
  const threshold = descending[Math.floor(others.length / 100)] ?? Number.POSITIVE_INFINITY;
  return members.filter((score) => score > threshold).length / members.length;
}
