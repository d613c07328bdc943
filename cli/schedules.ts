import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleDescription,
  type ScheduleHandle,
} from '@temporalio/client';
import { msToTs, tsToMs } from '@temporalio/common/lib/time.js';
import type { ScheduledInput } from '../activities/api.js';
import { canonicalBytes, readJson } from '../domain/lineage/index.js';
import {
  firingsOf,
  notFired,
  withdrawalDocument,
  type Firing,
  type FiringSpan,
  type NotFired,
} from '../domain/schedule/index.js';
import type { UnlockedIdentity } from '../infra/identity/index.js';
import { check, validateDriftReport, type DriftReport } from '../schemas/index.js';
import type { Workspace } from './compose.js';
import { CliError } from './errors.js';
import type { LoadedRun } from './load-files.js';
import { signStanding } from './submit.js';

/** What a firing does while the one before still runs; Temporal's names by ours. */
export const OVERLAPS = {
  skip: ScheduleOverlapPolicy.SKIP,
  'buffer-one': ScheduleOverlapPolicy.BUFFER_ONE,
  'buffer-all': ScheduleOverlapPolicy.BUFFER_ALL,
  'cancel-other': ScheduleOverlapPolicy.CANCEL_OTHER,
} as const;

export type Overlap = keyof typeof OVERLAPS;

export interface Timing {
  /** One of the two. */
  readonly cron?: string;
  readonly everyMs?: number;
  readonly timezone: string;
  readonly jitterMs: number;
  readonly catchUpMs: number;
  readonly overlap: Overlap;
  readonly pauseOnFailure: boolean;
  readonly paused: boolean;
}

export interface ScheduleName {
  readonly project: string;
  readonly name: string;
}

/** Neither part can hold a slash. */
const idOf = ({ project, name }: ScheduleName): string => `${project}/${name}`;

const specOf = ({ cron, everyMs, timezone, jitterMs }: Timing) => ({
  ...(cron === undefined ? {} : { cronExpressions: [cron], timezone }),
  ...(everyMs === undefined ? {} : { intervals: [{ every: everyMs }] }),
  ...(jitterMs === 0 ? {} : { jitter: jitterMs }),
});

/** Signs a standing submission and lets Temporal fire it. @throws CliError USAGE when the name is taken or the timing is none */
export async function createSchedule(
  workspace: Workspace,
  name: string,
  loaded: LoadedRun,
  submitter: UnlockedIdentity,
  timing: Timing,
): Promise<ScheduledInput> {
  const { project, adapter } = loaded.request;
  const input = await signStanding(workspace, loaded, submitter, name);
  const scheduleId = idOf({ project, name });
  const options = {
    scheduleId,
    spec: specOf(timing),
    policies: {
      overlap: OVERLAPS[timing.overlap],
      catchupWindow: timing.catchUpMs,
      pauseOnFailure: timing.pauseOnFailure,
    },
    action: {
      type: 'startWorkflow' as const,
      workflowType: 'scheduledRun',
      workflowId: `firing-${project}-${name}`,
      taskQueue: 'control',
      args: [input],
    },
    memo: { adapter: adapter.name, submitter: submitter.actor.subject },
    state: { paused: timing.paused },
  };
  try {
    await workspace.client.schedule.create(options);
  } catch (error) {
    const { cron, timezone } = timing;
    // The client's word for a timing that the server refuses.
    if (error instanceof TypeError && cron !== undefined) {
      throw new CliError(
        'USAGE',
        `--cron "${cron}" with --timezone ${timezone} is no schedule (${error.message}); give minute, hour, day of month, month and day of week, such as "0 3 * * *", and a zone such as Europe/Vienna`,
        { cause: error },
      );
    }
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    throw new CliError(
      'USAGE',
      `there is a schedule ${scheduleId} already; delete it first, or take another name`,
      { cause: error },
    );
  }
  return input;
}

/** Runs `act` on a schedule. @throws CliError NOT_FOUND */
export async function onSchedule<T>(
  client: Client,
  name: ScheduleName,
  act: (handle: ScheduleHandle) => Promise<T>,
): Promise<T> {
  try {
    return await act(client.schedule.getHandle(idOf(name)));
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    throw new CliError(
      'NOT_FOUND',
      `there is no schedule ${name.name} in project ${name.project}; "custos schedule list" lists them`,
      { cause: error },
    );
  }
}

/**
 * Ends a schedule and its standing submission, that first: what fires in between is refused. The
 * records of its firings stay. A run that has begun goes on.
 */
export async function deleteSchedule(
  { client, stores }: Pick<Workspace, 'client' | 'stores'>,
  name: ScheduleName,
): Promise<void> {
  const { action } = await onSchedule(client, name, (handle) => handle.describe());
  const [input] = action.args as unknown as [ScheduledInput];
  const key = withdrawalDocument(name.project, name.name, input.submission.digest);
  await stores.documents.create(key, canonicalBytes({ withdrawnAt: new Date().toISOString() }));
  await onSchedule(client, name, (handle) => handle.delete());
}

export interface ScheduleLine extends ScheduleName {
  readonly paused: boolean;
  readonly adapter: string;
  readonly submitter: string;
  /** RFC 3339; none while paused. */
  readonly next: string | null;
}

const memoText = (memo: Readonly<Record<string, unknown>> | undefined, name: string): string => {
  const value = memo?.[name];
  return typeof value === 'string' ? value : '';
};

export async function listSchedules(client: Client): Promise<readonly ScheduleLine[]> {
  const lines: ScheduleLine[] = [];
  for await (const { scheduleId, memo, state, info } of client.schedule.list()) {
    const [project = '', name] = scheduleId.split('/');
    if (name === undefined) continue;
    lines.push({
      project,
      name,
      paused: state.paused,
      adapter: memoText(memo, 'adapter'),
      submitter: memoText(memo, 'submitter'),
      next: state.paused ? null : (info.nextActionTimes[0]?.toISOString() ?? null),
    });
  }
  return lines.sort((a, b) => idOf(a).localeCompare(idOf(b)));
}

/** What a schedule did and will do. */
export interface ScheduleReport extends ScheduleName {
  readonly paused: boolean;
  /** Why it is paused, as whoever paused it said. */
  readonly note: string;
  readonly overlap: string;
  readonly catchUpMs: number;
  readonly pauseOnFailure: boolean;
  readonly next: readonly string[];
  readonly running: readonly string[];
  /** Firings that Temporal did not start, by why, since the schedule was created. */
  readonly skipped: { readonly overlap: number; readonly missedCatchUp: number };
  /** The times of the period of `firings` at which nothing began; the latest first. */
  readonly notFired: readonly NotFired[];
  /** The latest first. */
  readonly firings: readonly Firing[];
}

function nameOverlap({ policies }: ScheduleDescription): string {
  for (const [name, value] of Object.entries(OVERLAPS)) {
    if (value === policies.overlap) return name;
  }
  return 'another rule';
}

async function latestFirings(
  { stores }: Pick<Workspace, 'stores'>,
  { project, name }: ScheduleName,
  limit: number,
): Promise<readonly Firing[]> {
  const keys = await stores.trustedKeys();
  const firings: Firing[] = [];
  for await (const firing of firingsOf(stores.documents, keys, project, name)) {
    firings.push(firing);
    if (firings.length >= limit) break;
  }
  return firings;
}

/** What runs now, as a schedule knows it; its records begin when it has ended. */
function runningSpans({ info }: ScheduleDescription): readonly FiringSpan[] {
  const running = new Set(info.runningActions.map(({ workflow }) => workflow.workflowId));
  return info.recentActions.flatMap(({ scheduledAt, takenAt, action }) =>
    running.has(action.workflow.workflowId)
      ? [
          {
            scheduledFor: scheduledAt.toISOString(),
            startedAt: takenAt.toISOString(),
            runId: action.workflow.workflowId,
          },
        ]
      : [],
  );
}

/** The times at which nothing began, since the oldest of these firings or the schedule's beginning. */
async function listNotFired(
  client: Client,
  name: ScheduleName,
  described: ScheduleDescription,
  firings: readonly Firing[],
  limit: number,
): Promise<readonly NotFired[]> {
  const nowMs = Date.now();
  const oldest = firings.length < limit ? undefined : firings.at(-1)?.startedAt;
  const fromMs = oldest === undefined ? described.info.createdAt.getTime() : Date.parse(oldest);
  const { startTime } = await client.workflowService.listScheduleMatchingTimes({
    namespace: client.options.namespace,
    scheduleId: idOf(name),
    startTime: msToTs(fromMs),
    endTime: msToTs(nowMs),
  });
  const due = startTime.map((time) => new Date(tsToMs(time)).toISOString());
  const jitterMs = described.spec.jitter ?? 0;
  const known = [...firings, ...runningSpans(described)];
  return notFired(due, known, { jitterMs, nowMs }).slice(0, limit);
}

/** @param limit at most so many firings */
export async function showSchedule(
  workspace: Pick<Workspace, 'client' | 'stores'>,
  name: ScheduleName,
  limit: number,
): Promise<ScheduleReport> {
  const described = await onSchedule(workspace.client, name, (handle) => handle.describe());
  const { info, policies, state } = described;
  const firings = await latestFirings(workspace, name, limit);
  return {
    ...name,
    paused: state.paused,
    note: state.note ?? '',
    overlap: nameOverlap(described),
    catchUpMs: policies.catchupWindow,
    pauseOnFailure: policies.pauseOnFailure,
    next: state.paused ? [] : info.nextActionTimes.slice(0, 3).map((time) => time.toISOString()),
    running: info.runningActions.map(({ workflow }) => workflow.workflowId),
    skipped: {
      overlap: info.numActionsSkippedOverlap,
      missedCatchUp: info.numActionsMissedCatchupWindow,
    },
    notFired: await listNotFired(workspace.client, name, described, firings, limit),
    firings,
  };
}

/** The drift report of the schedule's last run that had one before it. @throws CliError NOT_FOUND */
export async function showDrift(
  { stores }: Pick<Workspace, 'stores'>,
  { project, name }: ScheduleName,
): Promise<DriftReport> {
  const keys = await stores.trustedKeys();
  for await (const { drift } of firingsOf(stores.documents, keys, project, name)) {
    if (drift === undefined) continue;
    const report = await readJson(stores.artifacts, drift, project);
    return check(validateDriftReport, report, 'the drift report');
  }
  throw new CliError(
    'NOT_FOUND',
    `schedule ${name} of project ${project} has not run on two datasets yet`,
  );
}
