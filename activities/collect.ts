import {
  findListFault,
  LineageError,
  readJson,
  recallOrigin,
  recallOwn,
  RESULTS_MEDIA_TYPE,
  rootsOf,
  summarizeShards,
  type MemoHit,
  type StepRuntime,
} from '../domain/lineage/index.js';
import type { FanOut } from '../policies/index.js';
import type { ArtifactRef } from '../schemas/index.js';
import type { Executor, StepContext } from './context.js';
import { inLanes } from './lanes.js';
import { addCounts, readLists } from './range.js';

/** Memo entries read at once. */
const LANES = 16;

/** The shards' results in order: this worker's own, others as the memo has them, their signatures checked. */
async function recallAll(
  runtime: StepRuntime,
  memoKeys: readonly string[],
  signal: AbortSignal,
): Promise<readonly MemoHit[]> {
  const trusted = await runtime.trustedKeys();
  return inLanes(LANES, memoKeys, async (memoKey) => {
    signal.throwIfAborted();
    const result = recallOwn(runtime, trusted, memoKey) ?? (await recallOrigin(runtime, memoKey));
    if (result !== undefined) return result;
    throw new LineageError('STEP_INVALID', `the result of shard ${memoKey} is gone; run again`);
  });
}

async function memoKeysOf(runtime: StepRuntime, context: StepContext): Promise<readonly string[]> {
  const keys: string[] = [];
  for (const page of context.params['pages'] as readonly ArtifactRef[]) {
    keys.push(...((await readJson(runtime.artifacts, page, context.project)) as string[]));
  }
  return keys;
}

/**
 * Commits a fanned-out stage: one result over the list of its shards' results, whose counts are
 * summed. What a shard claimed is this worker's own or read back from the memo with its signature,
 * never taken from the caller, and the results have to be those of exactly the items of the stage's input lists.
 * @throws LineageError STEP_INVALID
 */
export function createCollect(runtime: StepRuntime, fanOut: FanOut): Executor {
  return async (context) => {
    const { inputs } = context;
    const keys = await memoKeysOf(runtime, context);
    const origins = await recallAll(runtime, keys, context.signal);
    const results = origins.map(({ result }) => result);
    const fault = findListFault(inputs, fanOut, await readLists(runtime, fanOut, context), results);
    if (fault !== undefined) {
      throw new LineageError('STEP_INVALID', `a stage cannot be committed: ${fault}`);
    }
    const counts: Record<string, number> = {};
    for (const result of results) addCounts(counts, result);
    counts['shards'] = results.length;
    const shards = summarizeShards(context.runId, origins);
    const mediaType = 'application/vnd.custos.counts+json';
    return {
      outputs: {
        report: await context.putJson({ counts }, 'evidence', mediaType),
        shardResults: await context.putJson(results, 'evidence', RESULTS_MEDIA_TYPE),
      },
      counts,
      values: { roots: rootsOf(results) },
      ...(shards === undefined ? {} : { shards }),
    };
  };
}
