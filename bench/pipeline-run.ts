import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import type { Workspace } from '../cli/compose.js';
import type { LoadedRun } from '../cli/load-files.js';
import { workerProcesses } from '../cli/local-worker.js';
import { reviewAsDemo } from '../cli/review-session.js';
import { submitRun } from '../cli/submit.js';
import { ensureDemoIdentities, unlockDemoIdentity } from '../infra/identity/index.js';
import { localStatus, startLocal } from '../infra/local/index.js';
import { openStores } from '../infra/runtime/index.js';
import type { RunStatus, StageState } from '../workflows/messages.js';

export interface StageFigures {
  readonly stage: string;
  readonly seconds: number;
  /** Highest resident memory of one worker while the stage ran. */
  readonly peakRssMb: number;
}

export interface RunFigures {
  readonly stages: readonly StageFigures[];
  readonly seconds: number;
  /** From submission to the last stage: of all workers, and of Temporal with the store. */
  readonly cpuSeconds: { readonly workers: number; readonly servers: number };
  /** Highest resident memory of each worker over its life. */
  readonly peakRssMb: readonly number[];
  readonly kept: number;
}

const POLL_MS = 250;

/** A figure of /proc/PID/status in MiB; 0 where there is no such file or process. */
function memoryOf(pid: number, line: 'VmRSS' | 'VmHWM'): number {
  try {
    const text = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
    return Number(new RegExp(`${line}:\\s+(\\d+) kB`).exec(text)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

const TICKS_PER_SECOND = 100;

/** CPU seconds that a process has taken, of all its threads; 0 where there is no such process. */
function cpuSecondsOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

const cpuOf = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0);

/** Processes of an installation: its workers, and Temporal with the store. */
async function pidsOfInstallation(dataDir: string) {
  const { components } = await localStatus(dataDir);
  const pidsOf = (wanted: boolean) =>
    components.flatMap(({ name, pid }) =>
      name.startsWith('worker') === wanted && pid !== undefined ? [pid] : [],
    );
  return { workers: pidsOf(true), servers: pidsOf(false) };
}

/** Follows a run until a stage is done, signing its review; gives the peaks of memory by stage. */
async function follow(workspace: Workspace, runId: string, last: string, pids: readonly number[]) {
  const handle = workspace.client.workflow.getHandle(runId);
  const peaks = new Map<string, number>();
  let signed = false;
  for (;;) {
    const { status } = await handle.describe();
    if (status.name !== 'RUNNING') throw new Error(`the run ended early: ${status.name}`);
    const state = await handle.query<RunStatus>('status').catch(() => undefined);
    const stages: readonly StageState[] = state?.stages ?? [];
    const now = stages.find(({ status: at }) => at === 'running');
    const rss = Math.max(0, ...pids.map((pid) => memoryOf(pid, 'VmRSS')));
    if (now !== undefined) peaks.set(now.id, Math.max(rss, peaks.get(now.id) ?? 0));
    if (state?.reviewWorkflowId !== undefined && !signed) {
      signed = true;
      const reviewer = await unlockDemoIdentity(workspace.stores.identityDir, 'demo-reviewer');
      await reviewAsDemo(workspace, state.reviewWorkflowId, reviewer);
    }
    if (stages.some(({ id, status: at }) => id === last && at === 'done')) {
      await handle.cancel();
      await handle.result().catch(() => undefined);
      return { stages, peaks };
    }
    await sleep(POLL_MS);
  }
}

/** The pipeline from ingest to a stage, in an installation of its own with so many workers. */
export async function runPipeline(
  loaded: LoadedRun,
  options: { readonly workers: number; readonly store: 's3' | 'files'; readonly last: string },
): Promise<RunFigures> {
  const dataDir = await mkdtemp(join(tmpdir(), 'custos-bench-'));
  const local = await startLocal({
    dataDir,
    store: options.store,
    mode: 'foreground',
    processes: (endpoints) => workerProcesses(endpoints, options.workers),
  });
  const stores = await openStores(dataDir, local.store);
  const connection = await Connection.connect({ address: local.temporal.address });
  const client = new Client({ connection, namespace: local.temporal.namespace });
  const workspace: Workspace = { dataDir, services: local, stores, client };
  try {
    await ensureDemoIdentities(stores.identityDir);
    const engineer = await unlockDemoIdentity(stores.identityDir, 'demo-engineer');
    const { workers: pids, servers } = await pidsOfInstallation(dataDir);
    const before = { workers: cpuOf(pids), servers: cpuOf(servers) };
    const { runId } = await submitRun(workspace, loaded, engineer);
    const { stages, peaks } = await follow(workspace, runId, options.last, pids);
    const cpuSeconds = {
      workers: cpuOf(pids) - before.workers,
      servers: cpuOf(servers) - before.servers,
    };
    const ended = stages.filter(({ endedAtMs }) => endedAtMs !== undefined);
    const figures = ended.map(({ id, startedAtMs, endedAtMs }) => ({
      stage: id,
      seconds: ((endedAtMs ?? 0) - (startedAtMs ?? 0)) / 1000,
      peakRssMb: peaks.get(id) ?? 0,
    }));
    return {
      stages: figures,
      cpuSeconds,
      seconds: figures.reduce((sum, { seconds }) => sum + seconds, 0),
      peakRssMb: pids.map((pid) => memoryOf(pid, 'VmHWM')),
      kept: ended.find(({ id }) => id === 'minimize')?.counts['kept'] ?? 0,
    };
  } finally {
    await connection.close();
    await stores.close();
    await local.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
