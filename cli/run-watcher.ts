import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { STAGES, STEPS, type StageId } from '../policies/index.js';
import type { RunStatus, StageState } from '../workflows/messages.js';

const POLL_MS = 400;

export interface RunView {
  readonly stages: readonly StageState[];
  readonly reviewWorkflowId?: string;
  /** Stage -> a line about what its activity is doing, from its last heartbeat. */
  readonly details: Readonly<Partial<Record<StageId, string>>>;
  readonly closed: boolean;
}

const STAGE_OF_STEP = new Map<string, StageId>(
  Object.entries(STEPS).flatMap(([id, spec]) => {
    const stage = STAGES.find(([name]) => spec.name.startsWith(`custos.${name}`));
    return stage === undefined ? [] : [[spec.name, stage[0]] as const, [id, stage[0]] as const];
  }),
);

function describeHeartbeat(detail: Readonly<Record<string, unknown>>): string {
  const number = (key: string) => (typeof detail[key] === 'number' ? detail[key] : undefined);
  const step = number('step');
  if (step !== undefined) {
    const parts = [`step ${String(step)}/${String(number('totalSteps') ?? '?')}`];
    const loss = number('loss');
    if (loss !== undefined) parts.push(`loss ${loss.toFixed(3)}`);
    const heldOut = number('heldOutLoss');
    if (heldOut !== undefined) parts.push(`held-out ${heldOut.toFixed(3)}`);
    const speed = number('tokensPerSecond');
    if (speed !== undefined) parts.push(`${speed.toFixed(0)} tokens/s`);
    const eta = number('etaSeconds');
    if (eta !== undefined) parts.push(`${eta.toFixed(0)} s left`);
    return parts.join(', ');
  }
  return Object.entries(detail)
    .filter(([key]) => key !== 'at')
    .map(([key, value]) => `${key} ${String(value)}`)
    .join(', ');
}

/** What the pending activities of a workflow last said, by stage. */
async function pendingDetails(handle: WorkflowHandle): Promise<RunView['details']> {
  const { raw } = await handle.describe();
  const details: Partial<Record<StageId, string>> = {};
  for (const pending of raw.pendingActivities ?? []) {
    const stage = STAGE_OF_STEP.get(pending.activityType?.name ?? '');
    if (stage === undefined) continue;
    const payload = pending.heartbeatDetails?.payloads?.[0];
    const failed =
      (pending.attempt ?? 1) > 1
        ? `attempt ${String(pending.attempt)}: ${pending.lastFailure?.message ?? 'retrying'}`
        : '';
    const beat =
      payload == null ? '' : describeHeartbeat(defaultPayloadConverter.fromPayload(payload));
    details[stage] = [failed, beat].filter((part) => part !== '').join('; ');
  }
  return details;
}

/** The train stage is a child workflow that trains, then audits: its pending step tells which. */
function splitTraining(stages: readonly StageState[], details: RunView['details']): StageState[] {
  const auditing = details.audit !== undefined;
  return stages.map((stage) => {
    if (stage.id === 'train' && stage.status === 'running' && auditing)
      return { ...stage, status: 'done' };
    if (stage.id === 'audit' && auditing) return { ...stage, status: 'running' };
    return stage;
  });
}

/** Looks at a run until it closes, a few times a second. */
export async function* watchRun(client: Client, runId: string): AsyncGenerator<RunView> {
  const run = client.workflow.getHandle(runId);
  for (;;) {
    const { status } = await run.describe();
    const state: RunStatus = await run.query('status');
    const training = state.stages.some(
      (stage) => stage.id === 'train' && stage.status === 'running',
    );
    const details = {
      ...(await pendingDetails(run)),
      ...(training
        ? await pendingDetails(client.workflow.getHandle(`${runId}-train`)).catch(() => ({}))
        : {}),
    };
    const closed = status.name !== 'RUNNING';
    yield {
      stages: splitTraining(state.stages, details),
      ...(state.reviewWorkflowId === undefined ? {} : { reviewWorkflowId: state.reviewWorkflowId }),
      details,
      closed,
    };
    if (closed) return;
    await sleep(POLL_MS);
  }
}
