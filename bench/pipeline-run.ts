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
import { openStores, type Stores } from '../infra/runtime/index.js';
import type { RunStatus, StageState } from '../workflows/messages.js';
import {
  memoryOf,
  startSampler,
  type CpuSeconds,
  type Pids,
  type Sampler,
} from './process-figures.js';

export interface StageFigures {
  readonly stage: string;
  readonly seconds: number;
  /** What the workers and the servers took while the stage ran. */
  readonly cpuSeconds: CpuSeconds;
  /** Highest resident memory of one worker while the stage ran. */
  readonly peakRssMb: number;
}

export interface RunFigures {
  readonly stages: readonly StageFigures[];
  readonly seconds: number;
  /** From submission to the end of the last stage. */
  readonly cpuSeconds: CpuSeconds;
  /** Highest resident memory of each worker over its life. */
  readonly peakRssMb: readonly number[];
  readonly kept: number;
}

/** An installation of its own, with nothing in it but what the bench runs. */
export interface BenchInstallation {
  readonly stores: Stores;
  /** Runs from ingest to a stage. */
  readonly run: (
    loaded: LoadedRun,
    last: string,
  ) => Promise<RunFigures & { readonly runId: string }>;
}

/** Each question costs the worker and Temporal a few milliseconds, and counts as theirs. */
const ASK_MS = 2_000;

async function pidsOfInstallation(dataDir: string): Promise<Pids> {
  const { components } = await localStatus(dataDir);
  const pidsOf = (wanted: (name: string) => boolean) =>
    components.flatMap(({ name, pid }) => (wanted(name) && pid !== undefined ? [pid] : []));
  return {
    workers: pidsOf((name) => name.startsWith('worker')),
    temporal: pidsOf((name) => name === 'temporal'),
    store: pidsOf((name) => name === 'minio'),
  };
}

/** Follows a run until a stage is done, signing its review. */
async function follow(
  workspace: Workspace,
  runId: string,
  last: string,
): Promise<readonly StageState[]> {
  const handle = workspace.client.workflow.getHandle(runId);
  let signed = false;
  for (;;) {
    const { status } = await handle.describe();
    if (status.name !== 'RUNNING') throw new Error(`the run ended early: ${status.name}`);
    const state = await handle.query<RunStatus>('status').catch(() => undefined);
    const stages: readonly StageState[] = state?.stages ?? [];
    if (state?.reviewWorkflowId !== undefined && !signed) {
      signed = true;
      const reviewer = await unlockDemoIdentity(workspace.stores.identityDir, 'demo-reviewer');
      await reviewAsDemo(workspace, state.reviewWorkflowId, reviewer);
    }
    if (stages.some(({ id, status: at }) => id === last && at === 'done')) {
      await handle.cancel();
      await handle.result().catch(() => undefined);
      return stages;
    }
    await sleep(ASK_MS);
  }
}

/** Stages that ended, with what they took; what came after the last of them is not counted. */
function figuresOf(stages: readonly StageState[], last: string, samples: Sampler) {
  const ended = stages.slice(0, stages.findIndex(({ id }) => id === last) + 1);
  return ended.map(({ id, startedAtMs = 0, endedAtMs = 0 }) => ({
    stage: id,
    seconds: (endedAtMs - startedAtMs) / 1000,
    ...samples.between(startedAtMs, endedAtMs),
  }));
}

async function runOnce(
  { workspace, pids }: { readonly workspace: Workspace; readonly pids: Pids },
  loaded: LoadedRun,
  last: string,
): Promise<RunFigures & { readonly runId: string }> {
  const engineer = await unlockDemoIdentity(workspace.stores.identityDir, 'demo-engineer');
  const samples = startSampler(pids);
  const submittedMs = Date.now();
  const { runId } = await submitRun(workspace, loaded, engineer);
  const states = await follow(workspace, runId, last).finally(() => {
    samples.end();
  });
  const stages = figuresOf(states, last, samples);
  const endedAtMs = states.find(({ id }) => id === last)?.endedAtMs ?? 0;
  return {
    runId,
    stages,
    cpuSeconds: samples.between(submittedMs, endedAtMs).cpuSeconds,
    seconds: stages.reduce((sum, { seconds }) => sum + seconds, 0),
    peakRssMb: pids.workers.map((pid) => memoryOf(pid, 'VmHWM')),
    kept: states.find(({ id }) => id === 'minimize')?.counts['kept'] ?? 0,
  };
}

interface BenchOptions {
  readonly workers: number;
  readonly store: 's3' | 'files';
}

/** Starts an installation with so many workers, and removes it when `work` ends. */
export async function withInstallation<T>(
  options: BenchOptions,
  work: (installation: BenchInstallation) => Promise<T>,
): Promise<T> {
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
    const pids = await pidsOfInstallation(dataDir);
    return await work({
      stores,
      run: (loaded, last) => runOnce({ workspace, pids }, loaded, last),
    });
  } finally {
    await connection.close();
    await stores.close();
    await local.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** The pipeline from ingest to a stage, in an installation of its own. */
export async function runPipeline(
  loaded: LoadedRun,
  options: BenchOptions & { readonly last: string },
): Promise<RunFigures> {
  return withInstallation(options, async (installation) => {
    const { runId: _runId, ...figures } = await installation.run(loaded, options.last);
    return figures;
  });
}
