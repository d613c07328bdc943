import { setTimeout as sleep } from 'node:timers/promises';
import {
  isGrpcServiceError,
  QueryNotRegisteredError,
  ServiceError,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { StageId } from '../policies/index.js';
import type { RunStatus, StageState } from '../workflows/messages.js';
import { describeHeartbeat } from './heartbeat-words.js';
import { describeRetry } from './retry-words.js';
import { stageOfStep } from './step-stages.js';

const POLL_MS = 400;

export interface RunView {
  readonly stages: readonly StageState[];
  readonly reviewWorkflowId?: string;
  /** Stage -> a line about what its activity is doing, from its last heartbeat. */
  readonly details: Readonly<Partial<Record<StageId, string>>>;
  readonly closed: boolean;
}

/** What the pending activities of a workflow last said, by stage; what belongs to none by the running one. */
async function pendingDetails(
  handle: WorkflowHandle,
  stages: readonly StageState[],
): Promise<RunView['details']> {
  const { raw } = await handle.describe();
  const running = stages.find(({ status }) => status === 'running')?.id;
  const details: Partial<Record<StageId, string>> = {};
  for (const pending of raw.pendingActivities ?? []) {
    const stage = stageOfStep(pending.activityType?.name ?? '') ?? running;
    if (stage === undefined) continue;
    const payload = pending.heartbeatDetails?.payloads?.[0];
    const beat =
      payload == null ? '' : describeHeartbeat(defaultPayloadConverter.fromPayload(payload));
    const said = [describeRetry(pending), beat].filter((part) => part !== '').join('; ');
    // Of several at once, one that fails says more than one that goes on.
    if (details[stage] === undefined || describeRetry(pending) !== '') details[stage] = said;
  }
  return details;
}

/** The stages that the run's child workflow trains and audits in; none before it runs. */
async function childStages(client: Client, runId: string): Promise<readonly StageState[]> {
  const child = client.workflow.getHandle(`${runId}-train`);
  const state: RunStatus | undefined = await child
    .query<RunStatus>('status')
    .catch(() => undefined);
  return state?.stages.filter(({ status }) => status !== 'waiting') ?? [];
}

const reached = (stages: readonly StageState[], id: StageId): boolean =>
  stages.some((stage) => stage.id === id && stage.status !== 'waiting');

/** What a run says of itself; undefined before its first workflow task has run. */
async function statusOf(run: WorkflowHandle): Promise<RunStatus | undefined> {
  try {
    return await run.query<RunStatus>('status');
  } catch (error) {
    if (error instanceof QueryNotRegisteredError) return undefined;
    throw error;
  }
}

/** How a run stands now. @throws WorkflowNotFoundError; a query error when no worker answers */
export async function lookAtRun(client: Client, runId: string): Promise<RunView> {
  const run = client.workflow.getHandle(runId);
  const { status } = await run.describe();
  const state = (await statusOf(run)) ?? { runId, stages: [] };
  const closed = status.name !== 'RUNNING';
  const training = reached(state.stages, 'train');
  const child = training ? await childStages(client, runId) : [];
  const details = closed
    ? {}
    : {
        ...(await pendingDetails(run, state.stages)),
        ...(training
          ? await pendingDetails(client.workflow.getHandle(`${runId}-train`), child).catch(
              () => ({}),
            )
          : {}),
      };
  return {
    stages: state.stages.map((stage) => child.find(({ id }) => id === stage.id) ?? stage),
    ...(state.reviewWorkflowId === undefined ? {} : { reviewWorkflowId: state.reviewWorkflowId }),
    details,
    closed,
  };
}

/** gRPC's DEADLINE_EXCEEDED and FAILED_PRECONDITION: a worker that is busy or being replaced. */
const NO_WORKER: readonly number[] = [4, 9];
/** gRPC's RESOURCE_EXHAUSTED and UNAVAILABLE: a server that is flooded or starting again. */
const NO_SERVER: readonly number[] = [8, 14];
const MAX_SILENCE_MS = 60_000;

const codeOf = (error: unknown): number | undefined =>
  error instanceof ServiceError && isGrpcServiceError(error.cause) ? error.cause.code : undefined;

/** A view with a word about why nothing newer is known. */
function unanswered(view: RunView): RunView {
  const running = view.stages.find((stage) => stage.status === 'running')?.id;
  if (running === undefined) return view;
  return { ...view, details: { ...view.details, [running]: 'nobody answers yet' } };
}

/**
 * Looks at a run until it closes, a few times a second. The run goes on while nobody answers, and so
 * does the watching: for as long as the server is there, and a minute where it is not.
 */
export async function* watchRun(
  client: Client,
  runId: string,
  look: typeof lookAtRun = lookAtRun,
): AsyncGenerator<RunView> {
  let view: RunView = { stages: [], details: {}, closed: false };
  let answeredAt = Date.now();
  for (;;) {
    try {
      view = await look(client, runId);
      answeredAt = Date.now();
    } catch (error) {
      const code = codeOf(error);
      if (code === undefined || ![...NO_WORKER, ...NO_SERVER].includes(code)) throw error;
      if (NO_SERVER.includes(code) && Date.now() - answeredAt > MAX_SILENCE_MS) throw error;
      view = unanswered(view);
    }
    yield view;
    if (view.closed) return;
    await sleep(POLL_MS);
  }
}
