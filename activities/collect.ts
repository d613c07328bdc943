import { LineageError, recallResult, type StepRuntime } from '../domain/lineage/index.js';
import type { StepResult } from '../schemas/index.js';
import type { Executor } from './context.js';

/**
 * Commits a fanned-out stage: one result over the list of its shards' results, whose counts are
 * summed. What a shard claimed is read back from the memo with its signature, not from the caller.
 */
export function createCollect(runtime: StepRuntime): Executor {
  return async (context) => {
    const results: StepResult[] = [];
    for (const memoKey of context.params['shards'] as readonly string[]) {
      const result = await recallResult(runtime, memoKey);
      if (result === undefined) {
        throw new LineageError('STEP_INVALID', `the result of shard ${memoKey} is gone; run again`);
      }
      results.push(result);
    }
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
    };
  };
}
