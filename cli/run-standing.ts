import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { CliError } from './errors.js';
import { outcomeOf, RunFailedError } from './run-outcome.js';
import { lookAtRun, type RunView } from './run-watcher.js';

/** How a run stands by its workflow alone; the store need not answer. */
export interface RunStanding {
  readonly status: string;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly endedAt?: string;
  /** What runs now, each stage with what its activity last said: a retry with its reason. */
  readonly doing: readonly string[];
  /** Why it ended without an adapter. */
  readonly failure?: { readonly code: string; readonly message: string };
}

function doingOf({ stages, details, reviewWorkflowId }: RunView): string[] {
  const running = stages.filter(({ status }) => status === 'running');
  return running.map(({ id }) => {
    const waits = id === 'review' && reviewWorkflowId !== undefined;
    const detail = waits ? `custos review show ${reviewWorkflowId}` : (details[id] ?? '');
    return detail === '' ? id : `${id}: ${detail}`;
  });
}

export const noSuchRun = (runId: string): CliError =>
  new CliError('NOT_FOUND', `there is no run ${runId}; "custos runs" lists them`);

/** Undefined without a workflow: there never was one, or its history is past its retention. */
export async function standingOf(client: Client, runId: string): Promise<RunStanding | undefined> {
  const described = await client.workflow
    .getHandle(runId)
    .describe()
    .catch((error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    });
  if (described === undefined) return undefined;
  const { startTime, closeTime } = described;
  const times = {
    startedAt: startTime.toISOString(),
    ...(closeTime === undefined ? {} : { endedAt: closeTime.toISOString() }),
  };
  const name = described.status.name.toLowerCase();
  if (name === 'running') {
    const silent = ['no worker answers; see "custos status"'];
    return {
      status: name,
      ...times,
      doing: await lookAtRun(client, runId)
        .then(doingOf)
        .catch(() => silent),
    };
  }
  if (name === 'completed') return { status: name, ...times, doing: [] };
  const failure = await outcomeOf({ client }, runId).then(
    () => undefined,
    (error: unknown) => (error instanceof RunFailedError ? error : undefined),
  );
  if (failure === undefined) return { status: name, ...times, doing: [] };
  return {
    status: name,
    ...times,
    doing: [],
    failure: { code: failure.code, message: failure.message },
  };
}

export function describeStanding({ status, doing, failure }: RunStanding): string {
  const said = failure === undefined ? doing : [`${failure.message} [${failure.code}]`];
  return [status, ...said.map((line) => `  ${line}`)].join('\n');
}
