import { recallOrigin } from '../domain/lineage/index.js';
import type { StageId } from '../policies/index.js';
import type { Stores } from '../infra/runtime/index.js';
import type { RunStep } from './run-evidence.js';
import type { Origins } from './stage-lines.js';
import { shardsOf } from './stage-results.js';
import { stageOfStep } from './step-stages.js';

const AT_ONCE = 16;

/** Counts the shards of each stage that this run computed and those that it took from another. */
export async function shardOrigins(
  stores: Stores,
  project: string,
  runId: string,
  steps: readonly RunStep[],
): Promise<ReadonlyMap<StageId, Origins>> {
  const origins = new Map<StageId, Origins>();
  for (const { result } of steps) {
    const stage = stageOfStep(result.step);
    if (stage === undefined || result.outputs['shardResults'] === undefined) continue;
    const shards = await shardsOf(stores, project, result);
    let computed = 0;
    for (let at = 0; at < shards.length; at += AT_ONCE) {
      const found = await Promise.all(
        shards.slice(at, at + AT_ONCE).map(({ memoKey }) => recallOrigin(stores, memoKey)),
      );
      computed += found.filter((origin) => origin?.runId === runId).length;
    }
    origins.set(stage, { computed, reused: shards.length - computed });
  }
  return origins;
}
