import type { MinimizeDecision, Policy } from '../../schemas/index.js';
import { FITS, TOO_SHORT, type Rows } from './equal-texts.js';
import type { PairBuffer } from './sorted-pairs.js';

type Reason = Exclude<MinimizeDecision, { outcome: 'kept' }>['reason'];

/** Outcomes as small numbers; a record's is its index. */
export const OUTCOMES = [
  'kept',
  'too-short',
  'too-long',
  'over-budget',
  'exact-duplicate',
  'near-duplicate',
] as const satisfies readonly ('kept' | Reason)[];
const [KEPT, SHORT, LONG, BUDGET, EXACT, NEAR] = [0, 1, 2, 3, 4, 5] as const;

/** What becomes of every record, by rank. */
export interface Decided {
  readonly outcomes: Uint8Array;
  /** The kept rank that stands for a merged record; -1 of others. */
  readonly standIns: Int32Array;
  /** Of near duplicates: signature entries in common with the one that stands for them. */
  readonly equal: Uint16Array;
}

/** Pairs, sorted by the later rank, with the entries that each has in common. */
export interface VerifiedPairs {
  readonly pairs: PairBuffer;
  readonly equal: Uint16Array;
  /** Fewer entries in common are no near duplicate. */
  readonly least: number;
}

/** Walks the pairs along with the ranks and finds each rank's most similar kept one. */
function nearest(verified: VerifiedPairs | undefined, outcomes: Uint8Array) {
  let at = 0;
  return (rank: number): { rank: number; equal: number } | undefined => {
    if (verified === undefined) return undefined;
    const { pairs, equal, least } = verified;
    let best = -1;
    let bestEqual = least - 1;
    for (; at < pairs.length && pairs.first(at) <= rank; at++) {
      if (pairs.first(at) < rank) continue;
      const earlier = pairs.second(at);
      const common = equal[at] as number;
      // Of equally similar ones the first by id: pairs of a rank are sorted by the earlier one.
      if (outcomes[earlier] === KEPT && common > bestEqual) [best, bestEqual] = [earlier, common];
    }
    return best === -1 ? undefined : { rank: best, equal: bestEqual };
  };
}

/**
 * Decides rank by rank; only kept records can stand for others, so every merged one was compared
 * with the one that stands for it. Equal texts go the way of the first of them.
 */
export function decide(
  rows: Rows,
  verified: VerifiedPairs | undefined,
  { exactDuplicates, recordBudget }: Pick<Policy['minimize'], 'exactDuplicates' | 'recordBudget'>,
): Decided {
  const { total, lengths, heads } = rows;
  const outcomes = new Uint8Array(total);
  const standIns = new Int32Array(total).fill(-1);
  const equal = new Uint16Array(total);
  const nearestTo = nearest(verified, outcomes);
  let kept = 0;
  const merge = (rank: number, outcome: number, standIn: number, common: number): void => {
    outcomes[rank] = outcome;
    standIns[rank] = standIn;
    equal[rank] = common;
  };
  const keep = (rank: number): void => {
    if (kept === recordBudget) outcomes[rank] = BUDGET;
    else kept++;
  };
  for (let rank = 0; rank < total; rank++) {
    const head = heads[rank] as number;
    if (lengths[rank] !== FITS) outcomes[rank] = lengths[rank] === TOO_SHORT ? SHORT : LONG;
    else if (head !== rank) {
      const first = outcomes[head] as number;
      if (first === NEAR) merge(rank, NEAR, standIns[head] as number, equal[head] as number);
      else if (first === BUDGET) outcomes[rank] = BUDGET;
      else if (exactDuplicates === 'drop') merge(rank, EXACT, head, 0);
      else keep(rank);
    } else {
      const near = nearestTo(rank);
      if (near === undefined) keep(rank);
      else merge(rank, NEAR, near.rank, near.equal);
    }
  }
  return { outcomes, standIns, equal };
}
