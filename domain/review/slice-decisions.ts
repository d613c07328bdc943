import { ReviewError } from './errors.js';
import type { RecordDecisions } from './record-decisions.js';

/** What was decided about one record, as a line of its shard's slice. */
export interface SlicedDecisions extends RecordDecisions {
  readonly recordId: string;
}

const changes = ({ rejected, added, wrong }: RecordDecisions): boolean =>
  rejected || added.length > 0 || wrong.length > 0;

/**
 * The decisions by shard, each slice in the order of record ids. Records that were shown and left
 * as they are stand in no slice, so that a shard's slice says nothing of what was drawn or shown:
 * equal decisions on a shard give an equal slice in any batch.
 * @param shardOf record id -> shard, of every record of the batch
 * @throws ReviewError BATCH_INVALID when a shown record lies in no shard
 */
export function sliceDecisions(
  byRecord: ReadonlyMap<string, RecordDecisions>,
  shardOf: Readonly<Record<string, number>>,
  shards: number,
): SlicedDecisions[][] {
  const slices = Array.from({ length: shards }, (): SlicedDecisions[] => []);
  for (const recordId of [...byRecord.keys()].sort()) {
    const slice = slices[shardOf[recordId] ?? -1];
    if (slice === undefined) {
      throw new ReviewError('BATCH_INVALID', `record ${recordId} was shown and is in no shard`);
    }
    const decided = byRecord.get(recordId);
    if (decided !== undefined && changes(decided)) slice.push({ recordId, ...decided });
  }
  return slices;
}
