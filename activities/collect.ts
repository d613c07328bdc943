import {
  LineageError,
  recallOrigin,
  summarizeShards,
  type MemoHit,
  type StepRuntime,
} from '../domain/lineage/index.js';
import type { Executor } from './context.js';

/**
 * Commits a fanned-out stage: one result over the list of its shards' results, whose counts are
 * summed. What a shard claimed is read back from the memo with its signature, not from the caller.
 */
export function createCollect(runtime: StepRuntime): Executor {
  return async (context) => {
    const origins: MemoHit[] = [];
    for (const memoKey of context.params['shards'] as readonly string[]) {
      const origin = await recallOrigin(runtime, memoKey);
      if (origin === undefined) {
        throw new LineageError('STEP_INVALID', `the result of shard ${memoKey} is gone; run again`);
      }
      origins.push(origin);
    }
    const results = origins.map(({ result }) => result);
    const shards = summarizeShards(context.runId, origins);
    const counts: Record<string, number> = { shards: results.length };
    for (const result of results) {
      for (const [name, value] of Object.entries(result.counts)) {
        counts[name] = (counts[name] ?? 0) + value;
      }
    }
    return {
      outputs: {
        report: await context.putJson({ counts }, 'evidence', 'application/vnd.custos.counts+json'),
        shardResults: await context.putJson(
          results,
          'evidence',
          'application/vnd.custos.step-results+json',
        ),
      },
      counts,
      ...(shards === undefined ? {} : { shards }),
    };
  };
}
