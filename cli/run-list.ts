import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import type { NothingNew } from '../activities/api.js';
import type { RegistryEntry } from '../schemas/index.js';
import type { RunOutcome } from '../workflows/messages.js';
import { table } from './app.js';
import { describeAge, describeDuration } from './durations.js';
import { viewOf } from './run-report.js';

/** How Temporal names the states that a run may be in, by the word for people. */
export const RUN_STATES = {
  running: 'Running',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Canceled',
  terminated: 'Terminated',
} as const;

export type RunState = keyof typeof RUN_STATES;

export interface RunLine {
  readonly runId: string;
  readonly state: string;
  /** Where a run is or stopped; what became of the adapter of one that is through. */
  readonly stage: string;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly durationMs: number | null;
  /** `name@version` once it is registered. */
  readonly adapter: string;
  readonly submitter: string;
}

export interface RunFilter {
  readonly state?: RunState;
  /** NAME or NAME@VERSION. */
  readonly adapter?: string;
  readonly limit: number;
}

const titleOf = ({ name, version }: RegistryEntry): string => `${name}@${String(version)}`;

function stateOf({ status }: WorkflowExecutionInfo): string {
  const found = Object.entries(RUN_STATES).find(
    ([, name]) => name.toUpperCase() === status.name.replace('CANCELLED', 'CANCELED'),
  );
  return found?.[0] ?? status.name.toLowerCase();
}

/** The stage that a run is in, or in which it stopped; empty when no worker tells. */
async function stageNow(client: Client, runId: string): Promise<string> {
  const stages = (await viewOf(client, runId))?.stages ?? [];
  const at = stages.findLast(({ status }) => status !== 'waiting' && status !== 'done');
  return at?.id ?? stages.findLast(({ status }) => status === 'done')?.id ?? '';
}

const memoText = ({ memo }: WorkflowExecutionInfo, name: string): string => {
  const value = memo?.[name];
  return typeof value === 'string' ? value : '';
};

async function lineOf(
  client: Client,
  info: WorkflowExecutionInfo,
  entry: RegistryEntry | undefined,
): Promise<RunLine> {
  const { workflowId: runId, startTime, closeTime } = info;
  const state = stateOf(info);
  return {
    runId,
    state,
    stage: state === 'completed' ? (entry?.stage ?? '') : await stageNow(client, runId),
    startedAt: startTime.toISOString(),
    durationMs: closeTime === undefined ? null : closeTime.getTime() - startTime.getTime(),
    adapter: entry === undefined ? memoText(info, 'adapter') : titleOf(entry),
    submitter: memoText(info, 'submitter') || (entry?.submitter.subject ?? ''),
  };
}

/** A run whose history the server has let go of; its adapter is still registered. */
const pastLine = (entry: RegistryEntry): RunLine => ({
  runId: entry.runId,
  state: 'completed',
  stage: entry.stage,
  startedAt: entry.createdAt,
  durationMs: null,
  adapter: titleOf(entry),
  submitter: entry.submitter.subject,
});

const isOf = (name: string, adapter: string | undefined): boolean =>
  adapter === undefined || name === adapter || name.split('@')[0] === adapter;

/** The adapter that a run came to: its own, or the one of an earlier run that it would have made again. */
async function entryOf(
  client: Client,
  entries: readonly RegistryEntry[],
  info: WorkflowExecutionInfo,
): Promise<RegistryEntry | undefined> {
  const own = entries.find(({ runId }) => runId === info.workflowId);
  if (own !== undefined || stateOf(info) !== 'completed') return own;
  const { workflowId, runId } = info;
  const outcome = (await client.workflow.getHandle(workflowId, runId).result()) as
    RunOutcome | NothingNew;
  if (!('adapter' in outcome)) return undefined;
  const { adapterDigest, name, version } = outcome.adapter;
  return entries.find(
    (entry) =>
      entry.adapterDigest === adapterDigest && entry.name === name && entry.version === version,
  );
}

/** The newest runs first, as the server and the registry know them. */
export async function listRuns(
  client: Client,
  entries: readonly RegistryEntry[],
  { state, adapter, limit }: RunFilter,
): Promise<readonly RunLine[]> {
  const byRun = new Map(entries.map((entry) => [entry.runId, entry]));
  const where = state === undefined ? '' : ` AND ExecutionStatus = "${RUN_STATES[state]}"`;
  const found: (readonly [WorkflowExecutionInfo, RegistryEntry | undefined])[] = [];
  const query = `WorkflowType = "fineTune"${where}`;
  for await (const info of client.workflow.list({ query })) {
    const entry = await entryOf(client, entries, info);
    const name = entry === undefined ? memoText(info, 'adapter') : titleOf(entry);
    byRun.delete(info.workflowId);
    if (isOf(name, adapter)) found.push([info, entry]);
    if (found.length >= limit) break;
  }
  const lines = await Promise.all(found.map(([info, entry]) => lineOf(client, info, entry)));
  const complete = lines.length < limit && (state === undefined || state === 'completed');
  const past = complete ? [...byRun.values()].map(pastLine) : [];
  return [...lines, ...past.filter((line) => isOf(line.adapter, adapter))]
    .sort((a, b) => b.startedAt.localeCompare(a.startedAt))
    .slice(0, limit);
}

export function describeRuns(lines: readonly RunLine[], nowMs: number): string {
  if (lines.length === 0) return 'no such runs';
  return table([
    ['RUN', 'STATE', 'STAGE', 'STARTED', 'TOOK', 'ADAPTER', 'SUBMITTER'],
    ...lines.map(({ runId, state, stage, startedAt, durationMs, adapter, submitter }) => [
      runId,
      state,
      stage,
      describeAge(nowMs - Date.parse(startedAt)),
      durationMs === null ? '' : describeDuration(durationMs),
      adapter,
      submitter,
    ]),
  ]);
}
