import type { CanarySet, TrainPlan } from '../../schemas/index.js';
import { LeakError } from './errors.js';

/** What a training was given, in the order in which its plan numbers it: records, then canaries. */
export interface PlannedSequences {
  readonly plan: Pick<TrainPlan, 'steps'>;
  /** How many training records come before the canaries. */
  readonly records: number;
  /** Record id of each canary sequence. */
  readonly canaryIds: readonly string[];
}

export interface SequenceReads {
  /** Numbers of the records that at least one optimizer step read. */
  readonly records: ReadonlySet<number>;
  /** For each canary of the set, how often its copies were read, all steps together. */
  readonly canaries: readonly number[];
}

const disagree = (what: string): LeakError =>
  new LeakError('FIGURE_INVALID', `${what}; the plan is not that of a training on these canaries`);

/**
 * What the training's plan really read. A training that is cut reads less than it was given.
 * @throws LeakError FIGURE_INVALID when plan, sequences and coins are not of one training
 */
export function countReads(
  set: Pick<CanarySet, 'canaries'>,
  { plan, records, canaryIds }: PlannedSequences,
): SequenceReads {
  const given = new Set(canaryIds);
  const wanted = set.canaries.flatMap(({ included, recordIds }) => (included ? recordIds : []));
  if (given.size !== wanted.length || !wanted.every((id) => given.has(id)))
    throw disagree('the canary sequences are not those whose coin fell "in"');
  const reads = new Map<string, number>();
  const read = new Set<number>();
  for (const index of plan.steps.flat(2)) {
    if (index < records) {
      read.add(index);
      continue;
    }
    const id = canaryIds[index - records];
    if (id === undefined) throw disagree(`the plan reads a sequence ${String(index)}`);
    reads.set(id, (reads.get(id) ?? 0) + 1);
  }
  const canaries = set.canaries.map(({ recordIds }) =>
    recordIds.reduce((sum, id) => sum + (reads.get(id) ?? 0), 0),
  );
  return { records: read, canaries };
}
