import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRunSteps, type RunStep } from '../../cli/run-evidence.js';
import { outcomeOf } from '../../cli/run-outcome.js';
import { saltedLeaf } from '../../domain/evidence/index.js';
import { digestJson } from '../../domain/lineage/index.js';
import type { Stores } from '../../infra/runtime/index.js';
import type { Policy, StepResult } from '../../schemas/index.js';
import type { RunOutcome } from '../../workflows/messages.js';
import { retriedActivities, runningActivities, untilRunning } from '../support/activity-watch.js';
import { storedResults } from '../support/chain.js';
import { copyDraws } from '../support/copy-draws.js';
import { smallRun, startInstallation, type Installation } from '../support/installation.js';

const MINUTE = 60_000;
const POLL_MS = 100;
const MAX_STEPS = 8;
const SAVE_STEPS = 2;

const run = () =>
  smallRun(MAX_STEPS, (policy: Policy) => ({
    ...policy,
    train: { ...policy.train, saveSteps: SAVE_STEPS, evalSteps: 4 },
  }));

async function kill(installation: Installation): Promise<void> {
  process.kill(await installation.workerPid(), 'SIGKILL');
}

async function untilCheckpoint({ checkpoints }: Stores): Promise<void> {
  for (;;) {
    const first = await checkpoints.list('')[Symbol.asyncIterator]().next();
    if (first.done !== true) return;
    await sleep(POLL_MS);
  }
}

/** The optimizer steps that training reports from now on until the run ends. */
async function watchResumed(
  { client }: Installation,
  runId: string,
  ended: Promise<unknown>,
): Promise<readonly number[]> {
  const steps = new Set<number>();
  const from = new Date().toISOString();
  const done = ended.then(
    () => true,
    () => true,
  );
  while (!(await Promise.race([done, sleep(POLL_MS, false)]))) {
    for (const { name, detail } of await runningActivities(client, `${runId}-train`)) {
      // The server keeps what the killed worker said last.
      const { step, at } = detail;
      if (name !== 'custos.train.v3' || typeof at !== 'string' || at < from) continue;
      if (typeof step === 'number') steps.add(step);
    }
  }
  return [...steps];
}

describe('a run whose worker is killed twice', () => {
  const folders: string[] = [];
  const installations: Installation[] = [];
  let undisturbed: readonly StepResult[];
  let undisturbedRunId: string;
  let killed: Installation;
  let runId: string;
  let outcome: RunOutcome;
  let steps: readonly RunStep[];
  let resumedSteps: readonly number[];
  let copied: readonly string[];

  async function start(): Promise<Installation> {
    const dataDir = await mkdtemp(join(tmpdir(), 'custos-crash-'));
    folders.push(dataDir);
    const [other] = installations;
    // A separate store under the same keys and people.
    for (const folder of other === undefined ? [] : ['keys', 'identities']) {
      await cp(join(other?.dataDir ?? '', folder), join(dataDir, folder), { recursive: true });
    }
    const installation = await startInstallation({ dataDir });
    installations.push(installation);
    return installation;
  }

  beforeAll(async () => {
    const first = await start();
    undisturbedRunId = (await first.run(await run())).runId;
    undisturbed = await storedResults(first.stores);

    killed = await start();
    copied = await copyDraws(first.stores.driver, killed.stores.driver);
    runId = await killed.submit(await run());
    const ended = outcomeOf(killed, runId);
    const tooLate = ended.then(() => {
      throw new Error('the run ended before its worker was killed');
    });
    await Promise.race([untilRunning(killed.client, runId, 'custos.redact.shard.v2'), tooLate]);
    await kill(killed);
    await Promise.race([untilCheckpoint(killed.stores), tooLate]);
    await kill(killed);
    resumedSteps = await watchResumed(killed, runId, ended);
    outcome = await ended;
    steps = await readRunSteps(killed.stores, runId);
  }, 15 * MINUTE);

  afterAll(async () => {
    for (const installation of installations) await installation.close();
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  }, 2 * MINUTE);

  it('starts with the stored draws and nothing else', () => {
    expect(new Set(copied)).toEqual(
      new Set(['custos.dataset.v1', 'custos.draw.v1', 'custos.compute.v1', 'custos.review.v1']),
    );
    const reused = steps.filter(({ run: stepRun }) => stepRun.outcome === 'reused');
    expect(reused.map(({ result }) => result.step).sort()).toEqual([...copied].sort());
    expect(reused.every((step) => step.run.reusedFromRun === undisturbedRunId)).toBe(true);
  });

  it('was killed while it redacted and while it trained', async () => {
    expect(await retriedActivities(killed.client, runId)).toContain('custos.redact.shard.v2');
    expect(await retriedActivities(killed.client, `${runId}-train`)).toContain('custos.train.v3');
  });

  it('goes on from the stored checkpoint', () => {
    expect(resumedSteps.length).toBeGreaterThan(0);
    expect(Math.min(...resumedSteps)).toBeGreaterThan(SAVE_STEPS);
  });

  it.each([0, 1])('leaves no checkpoint behind in installation %d', async (index) => {
    const left: string[] = [];
    for await (const key of installations[index]?.stores.checkpoints.list('') ?? []) left.push(key);
    expect(left).toEqual([]);
  });

  it('ends with the digests of the undisturbed run', async () => {
    const lines = (results: readonly StepResult[]) =>
      results.map((result) => `${result.step} ${result.memoKey} ${digestJson(result)}`).sort();
    expect(lines(await storedResults(killed.stores))).toEqual(lines(undisturbed));
    expect(outcome.adapter.version).toBe(1);
  });

  it('is in the ledger once, stage by stage', async () => {
    const leaves: string[] = [];
    for await (const { leaf } of killed.stores.ledger.scan(0)) leaves.push(leaf);
    const expected = steps.map(({ committed: { envelope, salt } }) =>
      saltedLeaf(Buffer.from(salt, 'base64'), digestJson(envelope)),
    );
    // Besides the stages, the adapter's registration.
    expect(leaves).toHaveLength(expected.length + 1);
    expect(new Set(leaves).size).toBe(leaves.length);
    expect(leaves).toEqual(expect.arrayContaining(expected));
    expect(new Set(steps.map(({ run: { memoKey } }) => memoKey)).size).toBe(steps.length);
  });
});
