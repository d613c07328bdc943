import { ActivityCancellationType, patched, proxyActivities } from '@temporalio/workflow';
import type {
  ControlActivities,
  RangeActivities,
  RangeResult,
  StepActivities,
} from '../activities/api.js';
import { STEPS, type FanOut, type StepId, type StepSpec } from '../policies/steps.js';
import type { ArtifactRef, ArtifactTable, StepRequest, StepResult } from '../schemas/index.js';

// Whether an error is retried is decided where it is thrown; the policy only spaces the attempts.
const retry = {
  initialInterval: '1 second',
  backoffCoefficient: 2,
  maximumInterval: '30 seconds',
  maximumAttempts: 20,
} as const;

export const control = proxyActivities<ControlActivities>({
  taskQueue: 'control',
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '30 seconds',
  retry,
});

/** Activities that read files run where the records are. */
export const records = proxyActivities<
  Pick<ControlActivities, 'fingerprintSources' | 'fingerprintModel'>
>({ taskQueue: 'records', startToCloseTimeout: '2 hours', heartbeatTimeout: '30 seconds', retry });

/** What every step request of one run shares. */
export interface RunScope {
  readonly runId: string;
  readonly project: string;
  readonly policy: ArtifactRef;
}

export interface StepCall {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly inputs: ArtifactTable;
  readonly hints?: Readonly<Record<string, string>>;
}

export function stepRequest(scope: RunScope, call: StepCall): StepRequest {
  return {
    runId: scope.runId,
    project: scope.project,
    policy: scope.policy,
    params: { ...call.params },
    inputs: call.inputs,
    ...(call.hints === undefined ? {} : { hints: { ...call.hints } }),
  };
}

function activitiesOf(spec: StepSpec): StepActivities | RangeActivities {
  return proxyActivities<StepActivities | RangeActivities>({
    taskQueue: spec.queue,
    startToCloseTimeout: spec.startToCloseMinutes * 60_000,
    heartbeatTimeout: '30 seconds',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary: spec.name,
    retry,
  });
}

/** Runs one durable step on the queue that the step table names. */
export function runStep(scope: RunScope, id: StepId, call: StepCall): Promise<StepResult> {
  const spec: StepSpec = STEPS[id];
  const activity = activitiesOf(spec)[spec.name] as StepActivities[string];
  return activity(stepRequest(scope, call));
}

// History is bounded by these two: activities a stage, and activities at once.
const MAX_RANGES = 64;
const WINDOW = 16;

/** Fans a step out over ranges of shards, at most 16 at a time; results in the order of the shards. */
export async function runRanges(
  scope: RunScope,
  { shard, perRange }: FanOut,
  inputs: ArtifactTable,
  shards: number,
  onShards: (done: number) => void,
): Promise<readonly RangeResult[]> {
  const spec: StepSpec = STEPS[shard];
  const activity = activitiesOf(spec)[spec.name] as RangeActivities[string];
  const request = stepRequest(scope, { inputs });
  // Runs that began before ranges had a least size go on with those of one shard.
  const least = patched('least-range') ? perRange : 1;
  const size = Math.max(least, Math.ceil(shards / MAX_RANGES));
  const count = Math.ceil(shards / size);
  const results: RangeResult[] = [];
  let next = 0;
  let done = 0;
  const lane = async () => {
    for (let index = next++; index < count; index = next++) {
      const range = { from: index * size, to: Math.min(shards, (index + 1) * size) };
      results[index] = await activity({ ...request, range });
      onShards((done += range.to - range.from));
    }
  };
  await Promise.all(Array.from({ length: Math.min(WINDOW, count) }, lane));
  return results;
}

/** A single output. */
export function output(result: StepResult, name: string): ArtifactRef {
  const value = result.outputs[name];
  if (value === undefined || Array.isArray(value)) {
    throw new Error(`${result.step} has no single output "${name}"`);
  }
  return value;
}

/** The digest that stands for one output of all shards of a stage. */
export function rootOf(stage: StepResult, name: string): string {
  const root = (stage.values['roots'] as Readonly<Record<string, string>> | undefined)?.[name];
  if (root === undefined) throw new Error(`${stage.step} has no root of "${name}"`);
  return root;
}

/** The same output of every result, or the list that a single result holds. */
export function outputs(results: readonly StepResult[], name: string): ArtifactRef[] {
  return results.flatMap((result) => result.outputs[name] ?? []);
}
