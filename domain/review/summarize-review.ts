import type {
  ReviewBatch,
  ReviewDecision,
  ReviewDecisions,
  ReviewItem,
  ReviewOverlay,
  ReviewReport,
} from '../../schemas/index.js';
import { shareUpperBound } from '../leak/index.js';
import { batchRoot } from './build-batch.js';
import { groupByItem } from './check-decisions.js';
import type { Planted } from './plant-miss.js';

/** A share in percent, rounded up at its second figure: the statement stays true. */
function percentAbove(share: number): string {
  if (share >= 1) return '100%';
  const percent = share * 100;
  const unit = 10 ** (Math.floor(Math.log10(percent)) - 1);
  const rounded = Math.ceil(percent / unit - 1e-9) * unit;
  return `${String(Number(rounded.toPrecision(2)))}%`;
}

/** "0 misses in 20: at most 14% at 95% confidence" */
export function missStatement(misses: number, records: number, confidence: number): string {
  if (records === 0) return 'no record was sampled: nothing is known about misses';
  const bound = percentAbove(shareUpperBound(misses, records, confidence));
  const level = `${String(Number((confidence * 100).toPrecision(4)))}%`;
  const word = misses === 1 ? 'miss' : 'misses';
  return `${String(misses)} ${word} in ${String(records)}: at most ${bound} at ${level} confidence`;
}

/** A planted value counts as found when the reviewer marked any of it, or rejected the item. */
function foundPlant(planted: Planted, decisions: readonly ReviewDecision[]): boolean {
  return decisions.some(
    (decision) =>
      decision.action === 'reject' ||
      (decision.action === 'add-span' &&
        decision.message === planted.message &&
        decision.start < planted.end &&
        decision.end > planted.start),
  );
}

const has = (decisions: readonly ReviewDecision[], ...actions: ReviewDecision['action'][]) =>
  decisions.some(({ action }) => actions.includes(action));

/**
 * What the review came to, with the exact upper bound of the share of records with a miss
 * (Clopper-Pearson; sampling without replacement makes it only safer).
 */
export function summarizeReview(
  batch: ReviewBatch,
  overlay: ReviewOverlay,
  { decisions }: ReviewDecisions,
  confidence = 0.95,
): ReviewReport {
  const groups = groupByItem(decisions);
  const on = ({ id }: ReviewItem): readonly ReviewDecision[] => groups.get(id) ?? [];
  const plants = new Map(overlay.items.map(({ itemId, planted }) => [itemId, planted]));
  const real = batch.items.filter(({ id }) => plants.get(id) === undefined);
  const planted = batch.items.filter(({ id }) => plants.get(id) !== undefined);
  const uncertain = real.filter(({ reason }) => reason === 'uncertain');
  const sample = real.filter(({ reason }) => reason === 'sample');
  const misses = sample.filter((item) => has(on(item), 'reject', 'add-span')).length;
  const found = planted.filter((item) => {
    const plant = plants.get(item.id);
    return plant !== undefined && foundPlant(plant, on(item));
  });
  const count = (action: ReviewDecision['action']): number =>
    decisions.filter((decision) => decision.action === action).length;
  return {
    schema: 'custos.review-report.v1',
    batchRoot: batchRoot(batch),
    items: batch.items.length,
    uncertain: {
      records: uncertain.length,
      rejected: uncertain.filter((item) => has(on(item), 'reject')).length,
      corrected: uncertain.filter((item) => has(on(item), 'add-span', 'wrong-span')).length,
    },
    sample: {
      records: sample.length,
      misses,
      confidence,
      missRateBound: shareUpperBound(misses, sample.length, confidence),
      statement: missStatement(misses, sample.length, confidence),
    },
    addedSpans: count('add-span'),
    wrongSpans: count('wrong-span'),
    planted: { shown: planted.length, found: found.length },
  };
}
