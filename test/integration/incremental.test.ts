import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunStep } from '../../cli/run-evidence.js';
import type { LoadedRun } from '../../cli/load-files.js';
import { startInstallation, type Installation } from '../support/installation.js';
import {
  linesOf,
  prepareOnly,
  preparedRun,
  shardWork,
  sumOfWork,
  type MadeRecord,
} from '../support/prepared-dataset.js';

// Few records in small shards: what counts is the share of the shards, of which a million records
// in the default policy have about 540, and these about 150.
const MINUTE = 60_000;
const RECORDS = 4_800;
const ONE_PERCENT = RECORDS / 100;
const SHARD_RECORDS = 32;

let installation: Installation;
let folder: string;
let path: string;
let loaded: LoadedRun;
let base: readonly RunStep[];
const records: readonly MadeRecord[] = Array.from({ length: RECORDS }, (_, id) => ({
  id,
  version: 0,
}));

/** Runs the changed records and says what share of the shards was computed. */
async function rerun(
  changed: readonly MadeRecord[],
): Promise<{ steps: readonly RunStep[]; share: number; computed: number }> {
  await writeFile(path, linesOf(changed));
  const began = performance.now();
  const steps = await prepareOnly(installation, loaded);
  const { total, computed } = sumOfWork(steps);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const share = computed / total;
  console.info(
    `${String(computed)} of ${String(total)} shards computed (${(100 * share).toFixed(2)}%), ${seconds} s`,
  );
  return { steps, share, computed };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custos-incremental-'));
  path = join(folder, 'made.jsonl');
  await writeFile(path, linesOf(records));
  installation = await startInstallation({ store: 'files' });
  loaded = await preparedRun(path, SHARD_RECORDS);
  base = (await rerun(records)).steps;
}, 15 * MINUTE);

afterAll(async () => {
  await installation.close();
  await rm(folder, { recursive: true, force: true });
}, MINUTE);

describe('a run over records of which few changed', () => {
  it('begins with every shard computed, in each stage over shards', () => {
    const work = [...shardWork(base).values()];
    expect(work).toHaveLength(5);
    for (const { total, computed } of work) {
      expect(total).toBeGreaterThan(100);
      expect(computed).toBe(total);
    }
  });

  it(
    'computes nothing where nothing changed',
    async () => {
      expect((await rerun(records)).computed).toBe(0);
    },
    5 * MINUTE,
  );

  it(
    'computes under 5% of the shards when 1% is appended',
    async () => {
      const more = Array.from({ length: ONE_PERCENT }, (_, at) => ({
        id: RECORDS + at,
        version: 0,
      }));
      const { share, computed } = await rerun([...records, ...more]);
      expect(computed).toBeGreaterThan(0);
      expect(share).toBeLessThan(0.05);
    },
    5 * MINUTE,
  );

  it(
    'computes under 5% of the shards when a contiguous 1% is edited',
    async () => {
      const from = RECORDS / 2;
      const edited = records.map((record, at) =>
        at >= from && at < from + ONE_PERCENT ? { ...record, version: 1 } : record,
      );
      const { share, computed } = await rerun(edited);
      expect(computed).toBeGreaterThan(0);
      expect(share).toBeLessThan(0.05);
    },
    5 * MINUTE,
  );

  it(
    'computes what one erased record touched: its shard in every stage, or that and its neighbours',
    async () => {
      const { steps } = await rerun(records.toSpliced(RECORDS / 3, 1));
      for (const [step, { computed }] of shardWork(steps)) {
        expect(computed, step).toBeGreaterThan(0);
        expect(computed, step).toBeLessThanOrEqual(4);
      }
    },
    5 * MINUTE,
  );

  it(
    'computes most shards when a scattered 1% is edited, as the arithmetic says',
    async () => {
      const edited = records.map((record, at) =>
        at % 100 === 50 ? { ...record, version: 2 } : record,
      );
      const { share } = await rerun(edited);
      // Of shards of n records, 1 - 0.99^n hold an edited one if edits are drawn at random; every
      // hundredth record touches n / 100 of them at least.
      expect(share).toBeGreaterThan(0.15);
      expect(share).toBeLessThan(0.5);
    },
    10 * MINUTE,
  );
});
