import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.js';
import { collect, type GarbageTimes } from '../../cli/garbage.js';
import { findHold, parseTarget, placeHold, releaseHold } from '../../cli/holds.js';
import { outcomeOf } from '../../cli/run-outcome.js';
import type { Collection } from '../../infra/garbage/index.js';
import { unlockDemoIdentity } from '../../infra/identity/index.js';
import type { ArtifactRef, VerificationReport } from '../../schemas/index.js';
import type { RunOutcome } from '../../workflows/messages.js';
import { custos } from '../support/cli.js';
import { smallRun, startInstallation, type Installation } from '../support/installation.js';
import { toArray } from '../support/object-stores.js';

const MINUTE = 60_000;
const DAY_MS = 24 * 60 * MINUTE;
const MAX_STEPS = 2;
const GRACE_MS = 7 * DAY_MS;

let installation: Installation;
let folder: string;
let first: RunOutcome;

/** A week and a day from now; nothing counts as fresh, and nobody waits. */
const LATER: GarbageTimes = {
  graceMs: GRACE_MS,
  freshMs: 0,
  settleMs: 0,
  now: () => Date.now() + GRACE_MS + DAY_MS,
};

const collectLater = (dryRun = false): Promise<Collection> => collect(installation, dryRun, LATER);

const plant = (): Promise<ArtifactRef> =>
  installation.stores.artifacts.put(randomBytes(1000), {
    class: 'derived',
    mediaType: 'application/vnd.custos.tokens',
    project: 'demo',
  });

async function objects(): Promise<readonly string[]> {
  const { driver } = installation.stores;
  return toArray(driver.list('data', 'artifacts/'));
}

const isThere = async ({ digest }: ArtifactRef): Promise<boolean> =>
  (await objects()).some((key) => key.includes(digest.slice('sha256:'.length)));

const cli = (...args: string[]) => custos(args, { dataDir: installation.dataDir });

interface Verified {
  readonly online: unknown;
  readonly offline: unknown;
}

/** The checks of a run in the store, and of its exported evidence without it. */
async function verify({ runId }: RunOutcome): Promise<Verified> {
  const out = join(folder, `${runId}-${randomBytes(2).toString('hex')}`);
  const online = await cli('--json', 'verify', runId);
  await cli('evidence', 'export', runId, '--out', out);
  const key = `${out}-keys.json`;
  const offline = await cli('--json', 'verify', out, '--offline', '--key', key);
  return { online: checksOf(online.stdout), offline: checksOf(offline.stdout) };
}

/** Every check is run and passes; but two steps of training are no reason to open the gates. */
function checksOf(stdout: string): readonly (readonly [string, string])[] {
  const { checks } = JSON.parse(stdout) as VerificationReport;
  expect(checks.length).toBeGreaterThan(10);
  const states = checks.map(({ name, status }) => [name, status] as const);
  expect(states.filter(([, status]) => status !== 'passed')).toEqual([['gates', 'failed']]);
  return states;
}

beforeAll(async () => {
  installation = await startInstallation();
  folder = await mkdtemp(join(tmpdir(), 'custos-gc-'));
  first = await installation.run(await smallRun(MAX_STEPS));
}, 5 * MINUTE);

afterAll(async () => {
  await installation.close();
  await rm(folder, { recursive: true, force: true });
}, MINUTE);

describe('garbage of a store with an adapter', () => {
  it(
    'is listed, then goes; what the adapter leads to stays and verifies',
    async () => {
      const orphan = await plant();
      const sound = await verify(first);
      const before = await objects();
      const planned = await collectLater(true);
      expect(planned.kinds).toContainEqual(
        expect.objectContaining({ mediaType: orphan.mediaType, count: 1 }),
      );
      expect(await objects()).toEqual(before);
      const done = await collectLater();
      expect(done.artifacts).toBe(planned.artifacts);
      expect(done.spared).toBe(0);
      const after = await objects();
      expect(before.filter((key) => !after.includes(key))).toHaveLength(done.artifacts);
      expect(await isThere(orphan)).toBe(false);
      expect(await verify(first)).toEqual(sound);
      expect(await collectLater()).toMatchObject({ artifacts: 0 });
    },
    2 * MINUTE,
  );

  it(
    'leaves a run of the same input all that it reuses',
    async () => {
      const runId = await installation.submit(await smallRun(MAX_STEPS));
      expect(await installation.awaitReview(runId)).toBeUndefined();
      const again = await outcomeOf(installation, runId);
      expect(again.adapter.adapterDigest).toBe(first.adapter.adapterDigest);
    },
    2 * MINUTE,
  );
});

describe('a hold', () => {
  it('keeps what nothing leads to, until it is released', async () => {
    const [held, orphan] = [await plant(), await plant()];
    const auditor = await unlockDemoIdentity(installation.stores.identityDir, 'demo-reviewer');
    const target = await parseTarget(installation, held.digest, 'demo');
    const hold = await placeHold(installation, target, auditor, 'matter 2026-117');
    expect((await cli('hold', 'list')).stdout).toMatch(
      new RegExp(`${hold.holdId} +holds .*${held.digest}`),
    );
    await collectLater();
    expect([await isThere(held), await isThere(orphan)]).toEqual([true, false]);
    const releaser = await unlockDemoIdentity(installation.stores.identityDir, 'demo-reviewer');
    const found = await findHold(installation, hold.holdId);
    await releaseHold(installation, found, releaser, 'matter 2026-117 is closed');
    await collectLater();
    expect(await isThere(held)).toBe(false);
    expect((await cli('hold', 'list')).stdout).toContain('released by demo-reviewer');
  });

  it('is refused on what is not there', async () => {
    const digest = `sha256:${randomBytes(32).toString('hex')}`;
    const reason = ['--as', 'demo-reviewer', '--reason', 'matter 2026-117'];
    const refused = await cli('hold', 'add', digest, ...reason);
    expect(refused.status).toBe(EXIT.invalid);
    expect(refused.stderr).toContain('[HOLD_INVALID]');
  });
});

describe('an open run', () => {
  it(
    'keeps what it has and goes on to its end',
    async () => {
      const orphan = await plant();
      await new Promise((resolve) => setTimeout(resolve, 1500));
      const faster = await smallRun(MAX_STEPS, (policy) => ({
        ...policy,
        train: { ...policy.train, learningRate: policy.train.learningRate / 2 },
      }));
      const runId = await installation.submit(faster);
      const review = await installation.awaitReview(runId);
      const done = await collectLater();
      expect(done.openWorkflows).toBeGreaterThan(1);
      expect(await isThere(orphan)).toBe(false);
      await installation.approve(review ?? '');
      const outcome = await outcomeOf(installation, runId);
      await verify(outcome);
    },
    2 * MINUTE,
  );
});

describe('nothing goes', () => {
  it('when Temporal does not answer', async () => {
    const orphan = await plant();
    const connection = Connection.lazy({ address: '127.0.0.1:1' });
    const client = new Client({ connection });
    const silent = { stores: installation.stores, client };
    await expect(collect(silent, false, LATER)).rejects.toMatchObject({ code: 'NOT_RUNNING' });
    await connection.close();
    expect(await isThere(orphan)).toBe(true);
  });

  it('when a batch that was decided on is missing; doctor and gc name it', async () => {
    const { driver } = installation.stores;
    const keys = await toArray(driver.list('data', 'artifacts/derived/'));
    const orphan = await plant();
    const key = await firstNeeded(keys);
    const kept = await driver.get('data', key);
    await driver.remove('data', key);
    const hex = key.split('/').at(-1)?.split('.')[0] ?? '';
    try {
      await expect(collectLater()).rejects.toMatchObject({
        code: 'ROOTS_UNREADABLE',
        message: expect.stringContaining(hex) as string,
      });
      const doctor = await cli('doctor');
      expect(doctor.status).toBe(EXIT.unavailable);
      expect(doctor.stdout).toMatch(new RegExp(`FAILED +references +missing: sha256:${hex}`));
      expect((await cli('gc')).output).toContain('[ROOTS_UNREADABLE]');
    } finally {
      await driver.putIfAbsent('data', key, kept?.bytes ?? Buffer.alloc(0));
    }
    expect(await isThere(orphan)).toBe(true);
    expect((await cli('doctor')).stdout).toMatch(/ok +references/);
    await collectLater();
    expect(await isThere(orphan)).toBe(false);
  });
});

/** The object of a batch that was reviewed: a decision leads to it, and it leads on. */
async function firstNeeded(keys: readonly string[]): Promise<string> {
  for (const key of keys) {
    const object = await installation.stores.driver.get('data', key);
    if (object?.bytes.includes('review-batch+json') === true) return key;
  }
  throw new Error('the store has no batch of a review');
}
