import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRunSteps, type RunStep } from '../../cli/run-evidence.js';
import { outcomeOf } from '../../cli/run-outcome.js';
import { STEPS } from '../../policies/index.js';
import type { Policy } from '../../schemas/index.js';
import type { RunOutcome } from '../../workflows/messages.js';
import { runningActivities } from './activity-watch.js';
import { copyDraws } from './copy-draws.js';
import { planStrikes, type PlanOptions } from './chaos-plan.js';
import { strike, type Struck, type Victim } from './chaos.js';
import { smallRun, startInstallation, type Installation } from './installation.js';
import { startStoreProxy } from './store-proxy.js';

const POLL_MS = 100;
const MAX_STEPS = 8;
/** Optimizer steps between two checkpoints of the struck run. */
export const SAVE_STEPS = 2;

const loadedRun = () =>
  smallRun(MAX_STEPS, (policy: Policy) => ({
    ...policy,
    train: { ...policy.train, saveSteps: SAVE_STEPS, evalSteps: 4 },
  }));

/** A run that nothing disturbed, for others to be compared with. */
export interface Undisturbed {
  readonly installation: Installation;
  readonly runId: string;
  readonly seconds: number;
}

export interface ChaosRun {
  readonly victim: Victim;
  readonly runId: string;
  readonly outcome: RunOutcome;
  readonly steps: readonly RunStep[];
  readonly struck: readonly Struck[];
  /** Steps whose stored results were drawn or decided elsewhere and copied. */
  readonly copied: readonly string[];
  /** The first optimizer step that the training reported after its worker was killed. */
  readonly resumedAt: number;
  readonly seconds: number;
  close(): Promise<void>;
}

const secondsSince = (began: number): number => Math.round((performance.now() - began) / 100) / 10;

export async function runUndisturbed(): Promise<Undisturbed> {
  const installation = await startInstallation();
  const began = performance.now();
  const { runId } = await installation.run(await loadedRun());
  return { installation, runId, seconds: secondsSince(began) };
}

/** Another store under the same keys and people; its worker sees it through a proxy and never gives up. */
async function startVictim(other: Installation): Promise<Victim & { readonly dataDir: string }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'custos-chaos-'));
  for (const folder of ['keys', 'identities']) {
    await cp(join(other.dataDir, folder), join(dataDir, folder), { recursive: true });
  }
  let proxy: Victim['proxy'] | undefined;
  const installation = await startInstallation({
    dataDir,
    worker: async (worker, { temporal, store }) => {
      if (store.kind !== 's3') throw new Error('the store has to be behind a socket');
      proxy = await startStoreProxy(Number(new URL(store.endpoint).port));
      const env = {
        CUSTOS_TEMPORAL_ADDRESS: temporal.address,
        CUSTOS_TEMPORAL_NAMESPACE: temporal.namespace,
        CUSTOS_S3_ENDPOINT: proxy.endpoint,
        CUSTOS_S3_ACCESS_KEY: store.accessKey,
        CUSTOS_S3_SECRET_KEY: store.secretKey,
        CUSTOS_S3_DATA_BUCKET: store.buckets.data,
        CUSTOS_S3_EVIDENCE_BUCKET: store.buckets.evidence,
      };
      return { ...worker, env: { ...worker.env, ...env }, maxRestarts: 100 };
    },
  });
  if (proxy === undefined) throw new Error('no proxy was started');
  return { installation, proxy, dataDir };
}

async function untilCheckpoint({ installation }: Victim): Promise<void> {
  for (;;) {
    const { checkpoints } = installation.stores;
    const first = await checkpoints.list('')[Symbol.asyncIterator]().next();
    if (first.done !== true) return;
    await sleep(POLL_MS);
  }
}

/** The first optimizer step that training reports after a moment. */
async function firstStepAfter(victim: Victim, runId: string, moment: string): Promise<number> {
  for (;;) {
    const { client } = victim.installation;
    for (const { name, detail } of await runningActivities(client, `${runId}-train`)) {
      // The server keeps what the killed worker said last.
      const { step, at } = detail;
      if (name !== STEPS.train.name || typeof at !== 'string' || at < moment) continue;
      if (typeof step === 'number') return step;
    }
    await sleep(POLL_MS);
  }
}

/** The result, however often the server is away while it is waited for. */
async function endOf(installation: Installation, runId: string): Promise<RunOutcome> {
  for (;;) {
    try {
      return await outcomeOf(installation, runId);
    } catch (error) {
      if (error instanceof Error && error.name !== 'ServiceError') throw error;
      await sleep(POLL_MS);
    }
  }
}

/** Runs the undisturbed run's input, with its draws, through every strike of the plan. */
export async function runChaos(
  undisturbed: Undisturbed,
  seed: number,
  options: PlanOptions,
): Promise<ChaosRun> {
  const victim = await startVictim(undisturbed.installation);
  const { installation } = victim;
  const began = performance.now();
  const from = undisturbed.installation.stores.driver;
  const copied = await copyDraws(from, installation.stores.driver);
  const runId = await installation.submit(await loadedRun());
  const ended = endOf(installation, runId);
  const tooSoon = ended.then(() => {
    throw new Error('the run ended before it was struck everywhere');
  });
  const struck: Struck[] = [];
  let resumedAt = Promise.resolve(0);
  const strikeAll = async (): Promise<void> => {
    for (const plan of planStrikes(seed, options)) {
      const isTrainKill =
        plan.stage === 'train' && plan.blow.kind === 'kill' && plan.blow.what === 'worker';
      if (isTrainKill) await untilCheckpoint(victim);
      struck.push(await strike(victim, runId, plan));
      if (isTrainKill) resumedAt = firstStepAfter(victim, runId, struck.at(-1)?.at ?? '');
    }
  };
  await Promise.race([strikeAll(), tooSoon]);
  return {
    victim,
    runId,
    outcome: await ended,
    steps: await readRunSteps(installation.stores, runId),
    struck,
    copied,
    resumedAt: await Promise.race([resumedAt, sleep(1000, Number.NaN)]),
    seconds: secondsSince(began),
    close: async () => {
      await victim.proxy.close();
      await installation.close();
      await rm(victim.dataDir, { recursive: true, force: true });
    },
  };
}
