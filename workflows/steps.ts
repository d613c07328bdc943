import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { ControlActivities, StepActivities } from '../activities/api.js';
import { STEPS, type StepId, type StepSpec } from '../policies/steps.js';
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

/** Runs one durable step on the queue that the step table names. */
export function runStep(scope: RunScope, id: StepId, call: StepCall): Promise<StepResult> {
  const spec: StepSpec = STEPS[id];
  const activities = proxyActivities<StepActivities>({
    taskQueue: spec.queue,
    startToCloseTimeout: spec.startToCloseMinutes * 60_000,
    heartbeatTimeout: '30 seconds',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary: spec.name,
    retry,
  });
  const activity = activities[spec.name];
  if (activity === undefined) throw new Error(`no activity is named ${spec.name}`);
  return activity(stepRequest(scope, call));
}

const WINDOW = 16;

/** Fans a step out over shards, at most 16 at a time, results in the order of the calls. */
export async function runShards(
  scope: RunScope,
  id: StepId,
  calls: readonly StepCall[],
): Promise<readonly StepResult[]> {
  const results: StepResult[] = [];
  let next = 0;
  const lane = async () => {
    while (next < calls.length) {
      const index = next++;
      const call = calls[index];
      if (call !== undefined) results[index] = await runStep(scope, id, call);
    }
  };
  await Promise.all(Array.from({ length: Math.min(WINDOW, calls.length) }, lane));
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

/** The same output of every result, or the list that a single result holds. */
export function outputs(results: readonly StepResult[], name: string): ArtifactRef[] {
  return results.flatMap((result) => result.outputs[name] ?? []);
}
