import type {
  ReviewBatch,
  ReviewDecision,
  ReviewDecisions,
  ReviewItem,
  ReviewOverlay,
} from '../../schemas/index.js';
import { digestJson, type Digest } from '../lineage/index.js';
import { checkDecisions, groupByItem } from './check-decisions.js';
import { ReviewError } from './errors.js';
import type { Planted } from './plant-miss.js';

export interface Place {
  readonly message: number;
  /** In UTF-16 units of the redacted content. */
  readonly start: number;
  readonly end: number;
  readonly type: string;
}

/** A removed span's place, and where its value was before redaction. */
export interface RemovedPlace extends Place {
  readonly source: { readonly start: number; readonly end: number };
}

/** What the reviewer decided about one record, in offsets of the redacted record. */
export interface RecordDecisions {
  readonly recordDigest: Digest;
  readonly rejected: boolean;
  readonly added: readonly Place[];
  readonly wrong: readonly RemovedPlace[];
  /** All removed spans of the record. */
  readonly removed: readonly RemovedPlace[];
}

/** Back from what was shown to the record: a planted sentence has no length there. */
function unplant<T extends Place>(place: T, planted: Planted | undefined): T | undefined {
  if (planted === undefined || place.message !== planted.message) return place;
  const { insertedAt, insertedLength } = planted;
  const back = (offset: number): number =>
    offset <= insertedAt ? offset : Math.max(insertedAt, offset - insertedLength);
  const start = back(place.start);
  const end = back(place.end);
  return start < end ? { ...place, start, end } : undefined;
}

function decisionsOnItem(
  item: ReviewItem,
  hidden: ReviewOverlay['items'][number],
  decisions: readonly ReviewDecision[],
): RecordDecisions {
  const removed = item.spans.map((span, index): RemovedPlace => {
    const place = unplant(span, hidden.planted);
    const source = hidden.sources[index];
    if (place !== undefined && source !== undefined) {
      const { message, start, end, type } = place;
      return { message, start, end, type, source };
    }
    throw new ReviewError('BATCH_INVALID', `the overlay does not fit item ${item.id}`);
  });
  const added = decisions.flatMap((decision) => {
    if (decision.action !== 'add-span') return [];
    const { message, start, end, type } = decision;
    return unplant({ message, start, end, type }, hidden.planted) ?? [];
  });
  const wrong = decisions.flatMap((decision) =>
    decision.action === 'wrong-span' ? (removed[decision.span] ?? []) : [],
  );
  const rejected = decisions.some(({ action }) => action === 'reject');
  return { recordDigest: hidden.recordDigest, rejected, added, wrong, removed };
}

/** A record may be shown twice, once with a planted miss: all that was decided counts, once. */
function join(first: RecordDecisions, second: RecordDecisions): RecordDecisions {
  const unique = <T extends Place>(places: readonly T[]): T[] => [
    ...new Map(places.map((place) => [JSON.stringify(place), place])).values(),
  ];
  return {
    ...first,
    rejected: first.rejected || second.rejected,
    added: unique([...first.added, ...second.added]),
    wrong: unique([...first.wrong, ...second.wrong]),
  };
}

/**
 * Decisions by record id, of records that were shown. Planted misses leave no trace in it; what a
 * reviewer found beside one does.
 * @throws ReviewError BATCH_INVALID for another batch's overlay, DECISIONS_REFUSED for bad decisions
 */
export function decisionsByRecord(
  batch: ReviewBatch,
  overlay: ReviewOverlay,
  { batchRoot, decisions }: ReviewDecisions,
): ReadonlyMap<string, RecordDecisions> {
  if (digestJson(overlay) !== batch.overlayDigest) {
    throw new ReviewError('BATCH_INVALID', 'the overlay is not the one that the batch names');
  }
  const [refusal] = checkDecisions(batch, decisions);
  if (batchRoot !== digestJson(batch) || refusal !== undefined) {
    const why = refusal?.message ?? 'they are about another batch';
    throw new ReviewError('DECISIONS_REFUSED', `the decisions cannot be applied: ${why}`);
  }
  const groups = groupByItem(decisions);
  const hiddenById = new Map(overlay.items.map((hidden) => [hidden.itemId, hidden]));
  const byRecord = new Map<string, RecordDecisions>();
  for (const item of batch.items) {
    const hidden = hiddenById.get(item.id);
    if (hidden === undefined) {
      throw new ReviewError('BATCH_INVALID', `the overlay does not know item ${item.id}`);
    }
    const decided = decisionsOnItem(item, hidden, groups.get(item.id) ?? []);
    const earlier = byRecord.get(item.recordId);
    byRecord.set(item.recordId, earlier === undefined ? decided : join(earlier, decided));
  }
  return byRecord;
}
