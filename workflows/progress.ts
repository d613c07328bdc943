import { setHandler } from '@temporalio/workflow';
import { STAGES, type StageId } from '../policies/steps.js';
import type { StepResult } from '../schemas/index.js';
import { workflowTimeMs } from './clock.js';
import { runStatusQuery, type StageState } from './messages.js';
import { markWorkflow } from './search-attributes.js';

export type OnShards = (done: number, of: number) => void;

export interface Progress {
  /**
   * Runs one stage, keeping its status for the query and its name for lists of workflows. While it
   * runs, its counts are the shards that it reports as done; at the end those of its result.
   */
  stage<T>(
    id: StageId,
    work: (onShards: OnShards) => Promise<T>,
    countsOf?: (value: T) => StepResult,
  ): Promise<T>;
  reviewing(workflowId: string | undefined): void;
}

/** Answers the `status` query from what the stages report. */
export function trackProgress(runId: string): Progress {
  const stages = new Map<StageId, StageState>(
    STAGES.map(([id]) => [id, { id, status: 'waiting', counts: {} }]),
  );
  let reviewWorkflowId: string | undefined;
  setHandler(runStatusQuery, () => ({
    runId,
    stages: [...stages.values()],
    ...(reviewWorkflowId === undefined ? {} : { reviewWorkflowId }),
  }));
  return {
    reviewing: (workflowId) => {
      reviewWorkflowId = workflowId;
    },
    stage: async (id, work, countsOf) => {
      const startedAtMs = workflowTimeMs();
      stages.set(id, { id, status: 'running', counts: {}, startedAtMs });
      markWorkflow({ stage: id });
      try {
        const value = await work((shardsDone, shards) => {
          stages.set(id, { id, status: 'running', counts: { shardsDone, shards }, startedAtMs });
        });
        const counts = countsOf?.(value).counts ?? {};
        stages.set(id, { id, status: 'done', counts, startedAtMs, endedAtMs: workflowTimeMs() });
        return value;
      } catch (error) {
        const status = id === 'review' || id === 'release' ? 'refused' : 'failed';
        stages.set(id, { id, status, counts: {}, startedAtMs, endedAtMs: workflowTimeMs() });
        throw error;
      }
    },
  };
}
