import type { DriftReport } from '../../schemas/index.js';

export type Rank = DriftReport['rank'];

const RANKS: readonly Rank[] = ['stable', 'shifted', 'changed'];

export const gravest = (ranks: readonly Rank[]): Rank =>
  RANKS.findLast((rank) => ranks.includes(rank)) ?? 'stable';

/** Rank of a figure by two limits, each inclusive. */
export function rankBy(figure: number, shifted: number, changed: number): Rank {
  if (figure >= changed) return 'changed';
  return figure >= shifted ? 'shifted' : 'stable';
}

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);

export interface Index {
  readonly figure: number;
  /** What two samples of one population give on average. */
  readonly byChance: number;
}

/**
 * Population stability index over bins that both samples share: the sum of (q - p) ln(q / p)
 * (Siddiqi, Credit Risk Scorecards, 2006; 0.1 and 0.25 are its customary limits). Its mean by chance
 * is (B - 1)(1/n + 1/m) (Yurdakul and Naranjo, Journal of Risk Model Validation 14(3), 2020). Half a
 * record is added to each bin, so that an empty one is finite. Bins empty in both are left out.
 */
export function stabilityIndex(before: readonly number[], after: readonly number[]): Index {
  const bins = before
    .map((count, at) => [count, after[at] ?? 0] as const)
    .filter(([left, right]) => left + right > 0);
  const [n, m] = [sum(before), sum(after)];
  if (bins.length === 0 || n === 0 || m === 0) return { figure: 0, byChance: 0 };
  const share = (count: number, all: number) => (count + 0.5) / (all + bins.length / 2);
  const figure = bins.reduce((all, [left, right]) => {
    const [p, q] = [share(left, n), share(right, m)];
    return all + (q - p) * Math.log(q / p);
  }, 0);
  return { figure, byChance: (bins.length - 1) * (1 / n + 1 / m) };
}

export type Frequencies = ReadonlyMap<number, number>;

export interface VocabularyDrift extends Index {
  /** Share of the tokens after whose id occurs nowhere before. */
  readonly newShare: number;
}

/**
 * Jensen-Shannon divergence in bits, 0 to 1 (Lin, IEEE Transactions on Information Theory 37(1),
 * 1991). For close distributions it is chi-square / (8 ln 2), whence its mean by chance.
 */
export function divergence(before: Frequencies, after: Frequencies): VocabularyDrift {
  const [n, m] = [sum([...before.values()]), sum([...after.values()])];
  if (n === 0 || m === 0) return { figure: 0, byChance: 0, newShare: 0 };
  const ids = new Set([...before.keys(), ...after.keys()]);
  let bits = 0;
  let fresh = 0;
  for (const id of ids) {
    const p = (before.get(id) ?? 0) / n;
    const q = (after.get(id) ?? 0) / m;
    const middle = (p + q) / 2;
    if (p > 0) bits += (p * Math.log2(p / middle)) / 2;
    if (q > 0) bits += (q * Math.log2(q / middle)) / 2;
    if (p === 0) fresh += q;
  }
  const byChance = ((ids.size - 1) * (1 / n + 1 / m)) / (8 * Math.LN2);
  return { figure: Math.min(1, Math.max(0, bits)), byChance, newShare: Math.min(1, fresh) };
}
