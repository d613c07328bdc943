import { STAGES, type StageId } from '../policies/index.js';

/** Steps whose names do not begin with that of the stage that they work for. */
const HELPERS: readonly (readonly [string, StageId])[] = [
  ['custos.dataset.', 'ingest'],
  ['custos.sketch.', 'minimize'],
  ['custos.keep.', 'minimize'],
  ['custos.compute.', 'train'],
];

/** The stage that a step works for; undefined for one that works for several, such as a draw. */
export function stageOfStep(name: string): StageId | undefined {
  const helper = HELPERS.find(([prefix]) => name.startsWith(prefix));
  if (helper !== undefined) return helper[1];
  return STAGES.find(([id]) => new RegExp(`^custos\\.${id}[.-]`).test(name))?.[0];
}

/**
 * Items of steps by stage, in the order of the steps. A step that works for several stages counts
 * to that of the next step after it: a draw is made for what follows.
 */
export function groupByStage<T>(
  steps: readonly T[],
  nameOf: (step: T) => string,
): ReadonlyMap<StageId, readonly T[]> {
  const groups = new Map<StageId, T[]>();
  let waiting: T[] = [];
  for (const step of steps) {
    const stage = stageOfStep(nameOf(step));
    waiting.push(step);
    if (stage === undefined) continue;
    groups.set(stage, [...(groups.get(stage) ?? []), ...waiting]);
    waiting = [];
  }
  return groups;
}
