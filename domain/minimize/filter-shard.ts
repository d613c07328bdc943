import type { MinimizeDecision } from '../../schemas/index.js';
import { MinimizeError } from './errors.js';

/** Decisions by record id, for {@link filterShard}. */
export function decisionsById(
  decisions: Iterable<MinimizeDecision>,
): ReadonlyMap<string, MinimizeDecision> {
  return new Map([...decisions].map((decision) => [decision.recordId, decision]));
}

/**
 * The kept records of a shard, in their order.
 * @throws MinimizeError RECORD_UNDECIDED: a record without a decision is neither kept nor dropped
 */
export function filterShard<T extends { readonly id: string }>(
  records: Iterable<T>,
  decisions: ReadonlyMap<string, MinimizeDecision>,
): T[] {
  return [...records].filter(({ id }) => {
    const decision = decisions.get(id);
    if (decision === undefined) {
      throw new MinimizeError(
        'RECORD_UNDECIDED',
        `the plan has no decision for record ${id}; plan again over all shards`,
      );
    }
    return decision.outcome === 'kept';
  });
}
