import { appendFile, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectEvidence } from '../../cli/evidence-parts.js';
import { installationKeys } from '../../cli/keyring.js';
import { outcomeOf } from '../../cli/run-outcome.js';
import { buildBundle, verifyBundle } from '../../domain/evidence/index.js';
import type { Policy } from '../../schemas/index.js';
import { readerOf, type BundleFiles } from '../support/evidence-bundle.js';
import { smallRun, startInstallation, type Installation } from '../support/installation.js';

const MINUTE = 60_000;

let installation: Installation;
let folder: string;

beforeAll(async () => {
  installation = await startInstallation({ store: 'files' });
  folder = await mkdtemp(join(tmpdir(), 'custos-waived-'));
}, 5 * MINUTE);

afterAll(async () => {
  await installation.close();
  await rm(folder, { recursive: true, force: true });
}, MINUTE);

const waived = (policy: Policy): Policy => ({
  ...policy,
  review: { ...policy.review, required: false },
  release: { requires: ['assessment'] },
});

describe('a run whose policy waives the review', () => {
  it(
    'asks nobody, makes a candidate that says so, and evidence that verifies',
    async () => {
      const outcome = await installation.run(await smallRun(2, waived));
      const { runId, adapter, release, shutGates } = outcome;
      expect(shutGates).toEqual(['review-not-waived']);
      expect(release.values['outcome']).toBe('unreviewed-candidate');
      expect(adapter.stage).toBe('candidate (demo)');
      await expect(
        installation.client.workflow.getHandle(`${runId}-review`).describe(),
      ).rejects.toThrow(/not found/i);
      const parts = await collectEvidence(installation, runId);
      expect(parts.approvals).toEqual([]);
      const files: BundleFiles = new Map();
      await buildBundle(parts, (path, bytes) => {
        files.set(path, Buffer.from(bytes));
        return Promise.resolve();
      });
      const { stores } = installation;
      const report = await verifyBundle(readerOf(files), await installationKeys(stores));
      expect(report.checks.flatMap(({ findings }) => findings)).toEqual([]);
      expect(report.ok).toBe(true);
    },
    10 * MINUTE,
  );
});

describe('a source that changes between submission and ingest', () => {
  it(
    'stops the run with its name',
    async () => {
      const loaded = await smallRun(2, waived);
      const path = join(folder, 'banking.csv');
      await copyFile(loaded.locations['banking'] ?? '', path);
      const worker = await installation.workerPid();
      process.kill(worker, 'SIGSTOP');
      let runId = '';
      try {
        const locations = { ...loaded.locations, banking: path };
        runId = await installation.submit({ ...loaded, locations });
        await appendFile(path, '\n');
      } finally {
        process.kill(worker, 'SIGCONT');
      }
      await expect(outcomeOf(installation, runId)).rejects.toMatchObject({
        code: 'SOURCE_CHANGED',
        message: expect.stringContaining('source "banking" is not what was submitted') as string,
      });
    },
    2 * MINUTE,
  );
});
