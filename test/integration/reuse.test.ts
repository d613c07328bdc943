import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApproval } from '../../activities/approval.js';
import type { LoadedRun } from '../../cli/load-files.js';
import { readRunSteps, type RunStep } from '../../cli/run-evidence.js';
import { outcomeOf } from '../../cli/run-outcome.js';
import { digestJson, sha256 } from '../../domain/lineage/index.js';
import type { ArtifactRef } from '../../schemas/index.js';
import type { RunOutcome } from '../../workflows/messages.js';
import { resultDocuments } from '../support/chain.js';
import { smallRun, startInstallation, type Installation } from '../support/installation.js';
import { runtimeOf } from '../support/runtime.js';

const MINUTE = 60_000;
const DAY_MS = 24 * 60 * MINUTE;
const MAX_STEPS = 4;

let installation: Installation;
let loaded: LoadedRun;
let first: RunOutcome;
let firstSteps: readonly RunStep[];

beforeAll(async () => {
  installation = await startInstallation();
  loaded = await smallRun(MAX_STEPS);
  first = await installation.run(loaded);
  firstSteps = await readRunSteps(installation.stores, first.runId);
}, 10 * MINUTE);

afterAll(async () => {
  await installation.close();
}, MINUTE);

const outcomesOf = (steps: readonly RunStep[]) =>
  steps.map(({ run }) => `${run.step} ${run.outcome}`).sort();

const digestsOf = (steps: readonly RunStep[]) =>
  steps.map(({ result }) => `${result.step} ${result.memoKey} ${digestJson(result)}`).sort();

/** The stored results: each names the run that computed it, so computing again changes it. */
async function storedState(): Promise<ReadonlyMap<string, string>> {
  const state = new Map<string, string>();
  for await (const [key, bytes] of resultDocuments(installation.stores)) {
    state.set(key, sha256(bytes));
  }
  return state;
}

describe('a second run on the same input', () => {
  it(
    'computes nothing and asks nobody',
    async () => {
      const before = await storedState();
      const began = performance.now();
      const runId = await installation.submit(loaded);
      const review = await installation.awaitReview(runId);
      const second = await outcomeOf(installation, runId);
      console.info(`a run without computations: ${String(performance.now() - began)} ms`);
      const steps = await readRunSteps(installation.stores, runId);
      expect(review).toBeUndefined();
      expect(outcomesOf(steps)).toEqual(
        outcomesOf(firstSteps).map((line) => line.replace('computed', 'reused')),
      );
      expect(steps.every(({ run }) => run.reusedFromRun === first.runId)).toBe(true);
      expect(digestsOf(steps)).toEqual(digestsOf(firstSteps));
      expect(second.adapter.adapterDigest).toBe(first.adapter.adapterDigest);
      expect(await storedState()).toEqual(before);
    },
    5 * MINUTE,
  );
});

describe('a stored approval', () => {
  /** Moves a person's files out of the identities for the length of `work`. */
  async function without<T>(person: string, work: () => Promise<T>): Promise<T> {
    const { identityDir } = installation.stores;
    const aside = join(installation.dataDir, 'aside');
    await mkdir(aside, { mode: 0o700 });
    const files = (await readdir(identityDir)).filter((file) => file.startsWith(`${person}.`));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) await rename(join(identityDir, file), join(aside, file));
    try {
      return await work();
    } finally {
      for (const file of files) await rename(join(aside, file), join(identityDir, file));
    }
  }

  it(
    "is not used without its reviewer's key",
    async () => {
      await without('demo-reviewer', async () => {
        const runId = await installation.submit(loaded);
        expect(await installation.awaitReview(runId)).toBe(`${runId}-review`);
        await installation.client.workflow.getHandle(runId).cancel();
        await expect(outcomeOf(installation, runId)).rejects.toMatchObject({ code: 'CANCELLED' });
      });
    },
    5 * MINUTE,
  );

  it('is used for as many days as the policy says', async () => {
    const { stores } = installation;
    const reviewed = firstSteps.find(({ result }) => result.kind === 'human');
    const release = firstSteps.find(({ result }) => result.step === 'custos.release.v4');
    if (reviewed === undefined || release === undefined) throw new Error('the run has no review');
    const { result } = reviewed;
    const { project } = loaded.request;
    const recallAfter = async (days: number) => {
      const signedAt = Date.parse(result.values['signedAt'] as string);
      const runtime = runtimeOf(stores, () => new Date(signedAt + days * DAY_MS));
      const { recallApproval } = createApproval({ runtime, people: stores.people });
      const step = {
        runId: `${project}-recall-${String(days)}`,
        project,
        policy: release.result.inputs['policy'] as ArtifactRef,
        params: { batchRoot: result.values['batchRoot'] },
        inputs: result.inputs,
      };
      return recallApproval({ step, submitter: 'demo-engineer' });
    };
    const { approvalValidDays } = loaded.policy.review;
    expect(await recallAfter(0)).toEqual(result);
    expect(await recallAfter(approvalValidDays - 1)).toEqual(result);
    expect(await recallAfter(approvalValidDays + 1)).toBeNull();
  });
});

describe('a change of the learning rate alone', () => {
  it(
    'asks the reviewer again, then computes training and what follows',
    async () => {
      const faster = await smallRun(MAX_STEPS, (policy) => ({
        ...policy,
        train: { ...policy.train, learningRate: policy.train.learningRate / 2 },
      }));
      const runId = await installation.submit(faster);
      const review = await installation.awaitReview(runId);
      // A signature is for a whole policy; what else it contains was approved under another.
      expect(review).toBe(`${runId}-review`);
      await installation.approve(review ?? '');
      const changed = await outcomeOf(installation, runId);
      const steps = await readRunSteps(installation.stores, runId);
      const computed = steps.filter(({ run }) => run.outcome === 'computed');
      expect(computed.map(({ run }) => run.step).sort()).toEqual([
        'custos.audit.v10',
        'custos.release.v4',
        'custos.review.v1',
        'custos.train.v5',
      ]);
      expect(changed.adapter.adapterDigest).not.toBe(first.adapter.adapterDigest);
      expect(changed.adapter.version).toBe(first.adapter.version + 1);
    },
    10 * MINUTE,
  );
});
