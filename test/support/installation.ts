import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { Workspace } from '../../cli/compose.js';
import { loadRun, type LoadedRun } from '../../cli/load-files.js';
import { workerProcess } from '../../cli/local-worker.js';
import { reviewAsDemo } from '../../cli/review-session.js';
import { outcomeOf } from '../../cli/run-outcome.js';
import { submitRun } from '../../cli/submit.js';
import { ensureDemoIdentities, unlockDemoIdentity } from '../../infra/identity/index.js';
import {
  localStatus,
  startLocal,
  type LocalEndpoints,
  type LocalServices,
  type ManagedProcess,
} from '../../infra/local/index.js';
import { openStores } from '../../infra/runtime/index.js';
import type { Policy } from '../../schemas/index.js';
import type { RunStatus } from '../../workflows/messages.js';
import type { RunOutcome } from '../../workflows/messages.js';

export interface Installation extends Workspace {
  readonly local: LocalServices;
  /** Submits as demo-engineer. */
  submit(loaded: LoadedRun): Promise<string>;
  /** Waits until a review is open and returns its workflow id; undefined when the run ended first. */
  awaitReview(runId: string): Promise<string | undefined>;
  approve(reviewWorkflowId: string): Promise<void>;
  /** Submits, signs the review if one opens, and waits for the end. */
  run(loaded: LoadedRun): Promise<RunOutcome>;
  workerPid(): Promise<number>;
  /** The process of the worker or of a server; undefined while it is being started again. */
  pidOf(component: 'worker' | 'temporal' | 'minio'): Promise<number | undefined>;
  close(): Promise<void>;
}

export interface InstallationOptions {
  readonly store?: 's3' | 'files';
  /** Reuse this data directory's keys and identities: copied before the start. */
  readonly dataDir?: string;
  /** The worker's process, changed: another environment for instance. */
  readonly worker?: (
    process: ManagedProcess,
    endpoints: LocalEndpoints,
  ) => ManagedProcess | Promise<ManagedProcess>;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Real servers, a real store and the built worker, in a directory of their own. */
export async function startInstallation(options: InstallationOptions = {}): Promise<Installation> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'custos-e2e-')));
  const local = await startLocal({
    dataDir,
    store: options.store ?? 's3',
    mode: 'foreground',
    processes: async (endpoints) => {
      const worker = workerProcess(endpoints);
      return [(await options.worker?.(worker, endpoints)) ?? worker];
    },
  });
  const stores = await openStores(dataDir, local.store);
  const connection = await Connection.connect({ address: local.temporal.address });
  const client = new Client({ connection, namespace: local.temporal.namespace });
  await ensureDemoIdentities(stores.identityDir);
  const workspace: Workspace = { dataDir, services: local, stores, client };
  const awaitReview = async (runId: string): Promise<string | undefined> => {
    const handle = client.workflow.getHandle(runId);
    for (;;) {
      const { status } = await handle.describe();
      if (status.name !== 'RUNNING') return undefined;
      const state = await handle.query<RunStatus>('status').catch(() => undefined);
      if (state?.reviewWorkflowId !== undefined) return state.reviewWorkflowId;
      if (state?.stages.some(({ id, status: at }) => id === 'apply' && at !== 'waiting') === true)
        return undefined;
      await pause(200);
    }
  };
  const pidOf: Installation['pidOf'] = async (component) => {
    const { components } = await localStatus(dataDir);
    return components.find(({ name }) => name === component)?.pid;
  };
  const submit = async (loaded: LoadedRun): Promise<string> => {
    const engineer = await unlockDemoIdentity(stores.identityDir, 'demo-engineer');
    return (await submitRun(workspace, loaded, engineer)).runId;
  };
  const approve = async (reviewWorkflowId: string): Promise<void> => {
    const reviewer = await unlockDemoIdentity(stores.identityDir, 'demo-reviewer');
    await reviewAsDemo(workspace, reviewWorkflowId, reviewer);
  };
  return {
    ...workspace,
    local,
    submit,
    awaitReview,
    approve,
    run: async (loaded) => {
      const runId = await submit(loaded);
      const review = await awaitReview(runId);
      if (review !== undefined) await approve(review);
      return outcomeOf(workspace, runId);
    },
    workerPid: async () => {
      const pid = await pidOf('worker');
      if (pid === undefined) throw new Error('no worker runs');
      return pid;
    },
    pidOf,
    close: async () => {
      await connection.close();
      await stores.close();
      await local.stop();
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The sample's run, with fewer sources or steps or another policy where a test needs no more. */
export async function sampleRun(
  change: {
    readonly sources?: readonly string[];
    readonly maxSteps?: number;
    readonly policy?: (policy: Policy) => Policy;
  } = {},
): Promise<LoadedRun> {
  const loaded = await loadRun('samples/run.yaml');
  const { dataset } = loaded.request;
  const sources = dataset.sources.filter(({ name }) => change.sources?.includes(name) ?? true);
  return {
    ...loaded,
    policy: change.policy?.(loaded.policy) ?? loaded.policy,
    request: {
      ...loaded.request,
      dataset: { ...dataset, sources },
      ...(change.maxSteps === undefined ? {} : { train: { maxSteps: change.maxSteps } }),
    },
  };
}

/** A run of one source and a few steps: every stage does its work, none for long. */
export function smallRun(
  maxSteps: number,
  change: (policy: Policy) => Policy = (policy) => policy,
): Promise<LoadedRun> {
  const quick = (policy: Policy): Policy => ({
    ...policy,
    ingest: { ...policy.ingest, shardRecords: 64 },
    inject: { ...policy.inject, canaries: 16, references: 100 },
    audit: {
      ...policy.audit,
      minCanariesRead: 1,
      generations: 2,
      generationTokens: 8,
      extractionSequences: 2,
    },
  });
  return sampleRun({ sources: ['banking'], maxSteps, policy: (policy) => change(quick(policy)) });
}
