import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EXIT } from '../../cli/exit-codes.js';
import { collectEvidence } from '../../cli/evidence-parts.js';
import { collect, type GarbageTimes } from '../../cli/garbage.js';
import { installationKeys } from '../../cli/keyring.js';
import { outcomeOf } from '../../cli/run-outcome.js';
import { verifyRun } from '../../cli/verify-run.js';
import { buildBundle, verifyBundle } from '../../domain/evidence/index.js';
import type { Collection } from '../../infra/garbage/index.js';
import { createIdentity } from '../../infra/identity/index.js';
import type { ArtifactRef, VerificationReport } from '../../schemas/index.js';
import type { RunOutcome } from '../../workflows/messages.js';
import { custos } from '../support/cli.js';
import { readerOf, type BundleFiles } from '../support/evidence-bundle.js';
import { smallRun, startInstallation, type Installation } from '../support/installation.js';
import { toArray } from '../support/object-stores.js';

const MINUTE = 60_000;
vi.setConfig({ testTimeout: 4 * MINUTE });
const DAY_MS = 24 * 60 * MINUTE;
const MAX_STEPS = 2;
const GRACE_MS = 7 * DAY_MS;

let installation: Installation;
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

const PASSPHRASE = 'a long enough passphrase';

const cli = (...args: string[]) =>
  custos(args, { dataDir: installation.dataDir, env: { CUSTOS_PASSPHRASE: PASSPHRASE } });

interface Verified {
  readonly online: unknown;
  readonly exported: unknown;
}

/** The checks of a run in the store, and of its exported evidence without it. */
async function verify({ runId }: RunOutcome): Promise<Verified> {
  const files: BundleFiles = new Map();
  await buildBundle(await collectEvidence(installation, runId), (path, bytes) => {
    files.set(path, Buffer.from(bytes));
    return Promise.resolve();
  });
  const keys = await installationKeys(installation.stores);
  return {
    online: checksOf(await verifyRun(installation, runId)),
    exported: checksOf(await verifyBundle(readerOf(files), keys)),
  };
}

/** Every check is run and passes; but two steps of training are no reason to open the gates. */
function checksOf({ checks }: VerificationReport): readonly (readonly [string, string])[] {
  expect(checks.length).toBeGreaterThan(10);
  const states = checks.map(({ name, status }) => [name, status] as const);
  expect(states.filter(([, status]) => status !== 'passed')).toEqual([['gates', 'failed']]);
  return states;
}

beforeAll(async () => {
  installation = await startInstallation();
  const ada = { subject: 'ada', roles: ['auditor'], passphrase: PASSPHRASE } as const;
  await createIdentity(installation.stores.identityDir, ada);
  first = await installation.run(await smallRun(MAX_STEPS));
}, 5 * MINUTE);

afterAll(async () => {
  await installation.close();
}, MINUTE);

describe('garbage of a store with an adapter', () => {
  it('is listed, then goes; what the adapter leads to stays and verifies', async () => {
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
    const { stdout } = await cli('gc', '--dry-run');
    expect(stdout).toMatch(/^nothing to remove\n\d+ artifacts \([\d.]+ MiB\) stay: 0 open/);
    expect(await collectLater()).toMatchObject({ artifacts: 0 });
  });

  it('leaves a run of the same input all that it reuses', async () => {
    const runId = await installation.submit(await smallRun(MAX_STEPS));
    expect(await installation.awaitReview(runId)).toBeUndefined();
    const again = await outcomeOf(installation, runId);
    expect(again.adapter.adapterDigest).toBe(first.adapter.adapterDigest);
  });
});

describe('a hold', () => {
  it('keeps what nothing leads to, until it is released', async () => {
    const [held, orphan] = [await plant(), await plant()];
    const why = ['--as', 'ada', '--reason', 'matter 2026-117'];
    const placed = await cli('--json', 'hold', 'add', held.digest, ...why);
    expect(placed.status).toBe(EXIT.ok);
    const { holdId } = JSON.parse(placed.stdout) as { holdId: string };
    expect((await cli('hold', 'list')).stdout).toMatch(
      new RegExp(`${holdId} +holds .* ada +${held.digest} +matter 2026-117`),
    );
    await collectLater();
    expect([await isThere(held), await isThere(orphan)]).toEqual([true, false]);
    const other = ['--as', 'demo-reviewer', '--reason', 'matter 2026-117'];
    expect((await cli('hold', 'release', holdId, ...other)).status).toBe(EXIT.refused);
    expect((await cli('hold', 'release', holdId, ...why)).status).toBe(EXIT.ok);
    await collectLater();
    expect(await isThere(held)).toBe(false);
    expect((await cli('hold', 'list')).stdout).toContain('released by ada');
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
  it('keeps what it has and goes on to its end', async () => {
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
  });
});

/** The store of the installation, with a Temporal that there is not. */
function deafEnv(): Record<string, string> {
  const { store } = installation.services;
  if (store.kind !== 's3') throw new Error('the test needs MinIO');
  return {
    CUSTOS_TEMPORAL_ADDRESS: '127.0.0.1:1',
    CUSTOS_S3_ENDPOINT: store.endpoint,
    CUSTOS_S3_ACCESS_KEY: store.accessKey,
    CUSTOS_S3_SECRET_KEY: store.secretKey,
    CUSTOS_S3_DATA_BUCKET: store.buckets.data,
    CUSTOS_S3_EVIDENCE_BUCKET: store.buckets.evidence,
  };
}

describe('nothing goes', () => {
  it('when Temporal does not answer', async () => {
    const orphan = await plant();
    const connection = Connection.lazy({ address: '127.0.0.1:1', interceptors: [] });
    const client = new Client({ connection });
    const silent = { stores: installation.stores, client };
    await expect(collect(silent, false, LATER)).rejects.toMatchObject({ code: 'NOT_RUNNING' });
    await connection.close();
    expect(await isThere(orphan)).toBe(true);
    const refused = await custos(['gc'], { dataDir: installation.dataDir, env: deafEnv() });
    expect(refused.stderr).toContain('[NOT_RUNNING]');
    expect(refused.status).toBe(EXIT.unavailable);
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
