import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { retriedActivities } from '../support/activity-watch.js';
import { ledgerAccount, resultLines } from '../support/chaos-checks.js';
import {
  runChaos,
  runUndisturbed,
  SAVE_STEPS,
  type ChaosRun,
  type Undisturbed,
} from '../support/chaos-run.js';
import { searchFolder, textsIn } from '../support/leak-search.js';
import { plantedValues } from '../support/planted-values.js';
import { STORE_FAULTS } from '../support/store-proxy.js';

const MINUTE = 60_000;
/** The moments of the blows; `npm run bench chaos` tries others. */
const SEED = 1;

const ofKind = (chaos: ChaosRun, kind: string) =>
  chaos.struck.filter(({ blow }) => blow.kind === kind);

describe(`a run that is struck in every stage (seed ${String(SEED)})`, () => {
  let undisturbed: Undisturbed;
  let chaos: ChaosRun;

  beforeAll(async () => {
    undisturbed = await runUndisturbed();
    chaos = await runChaos(undisturbed, SEED, { faultMs: 4000 });
    console.info(`undisturbed ${String(undisturbed.seconds)} s, struck ${String(chaos.seconds)} s`);
  }, 15 * MINUTE);

  afterAll(async () => {
    await chaos.close();
    await undisturbed.installation.close();
  }, 2 * MINUTE);

  it('starts with the stored draws and nothing else', () => {
    expect(new Set(chaos.copied)).toEqual(
      new Set(['custos.dataset.v1', 'custos.draw.v1', 'custos.compute.v1', 'custos.review.v1']),
    );
    const reused = chaos.steps.filter(({ run }) => run.reusedFromRun !== undefined);
    expect(reused.map(({ result }) => result.step).sort()).toEqual([...chaos.copied].sort());
    expect(reused.every(({ run }) => run.reusedFromRun === undisturbed.runId)).toBe(true);
  });

  it('lost its worker in the middle of every stage, its servers once, its store in five ways', async () => {
    const { client } = chaos.victim.installation;
    const retried = [
      ...(await retriedActivities(client, chaos.runId)),
      ...(await retriedActivities(client, `${chaos.runId}-train`)),
    ];
    const killed = ofKind(chaos, 'kill').filter(
      ({ blow }) => 'what' in blow && blow.what === 'worker',
    );
    expect(killed).toHaveLength(11);
    expect(retried).toEqual(expect.arrayContaining(killed.map(({ step }) => step)));
    expect(ofKind(chaos, 'kill')).toHaveLength(killed.length + 2);
    const faults = ofKind(chaos, 'store').map(({ blow }) => 'fault' in blow && blow.fault);
    expect(faults.sort()).toEqual([...STORE_FAULTS].sort());
    // Nobody counts what comes while nobody listens.
    for (const { blow, faulted } of ofKind(chaos, 'store')) {
      if ('fault' in blow && blow.fault !== 'down') expect(faulted, blow.fault).toBeGreaterThan(0);
    }
  });

  it('goes on with its training from the stored checkpoint', () => {
    expect(chaos.resumedAt).toBeGreaterThan(SAVE_STEPS);
  });

  it('leaves no checkpoint behind', async () => {
    for (const { stores } of [undisturbed.installation, chaos.victim.installation]) {
      const left: string[] = [];
      for await (const key of stores.checkpoints.list('')) left.push(key);
      expect(left).toEqual([]);
    }
  });

  it('ends with the digests of the undisturbed run', async () => {
    expect(await resultLines(chaos.victim.installation)).toEqual(
      await resultLines(undisturbed.installation),
    );
    expect(chaos.outcome.adapter.version).toBe(1);
  });

  it('is in the ledger once, stage by stage', async () => {
    const { leaves, expected } = await ledgerAccount(chaos);
    // Besides the stages, the adapter's registration.
    expect(leaves).toHaveLength(expected.length + 1);
    expect(new Set(leaves).size).toBe(leaves.length);
    expect(leaves).toEqual(expect.arrayContaining([...expected]));
    expect(new Set(chaos.steps.map(({ run: { memoKey } }) => memoKey)).size).toBe(
      chaos.steps.length,
    );
  });

  describe("Temporal's database and the logs", () => {
    const values = plantedValues(
      ['banking.csv'],
      ['PERSON', 'EMAIL_ADDRESS', 'STREET_ADDRESS', 'IBAN_CODE', 'PHONE_NUMBER', 'CREDIT_CARD'],
    );
    const folderOf = (name: 'temporal' | 'logs') => join(chaos.victim.installation.dataDir, name);

    it(
      'hold none of the personal data of the records',
      async () => {
        expect(values.length).toBeGreaterThan(100);
        const temporal = await searchFolder(folderOf('temporal'), values);
        const logs = await searchFolder(folderOf('logs'), values);
        expect([...temporal.found, ...logs.found]).toEqual([]);
        expect(temporal.files.map((path) => path.slice(path.lastIndexOf('/') + 1)).sort()).toEqual(
          expect.arrayContaining(['temporal.db', 'temporal.db-wal']),
        );
        expect(temporal.bytes).toBeGreaterThan(100_000);
        expect(logs.bytes).toBeGreaterThan(10_000);
      },
      3 * MINUTE,
    );

    it(
      'would be found to: each form of a value that a workflow carries, also in the log of writes',
      async () => {
        const { client } = chaos.victim.installation;
        const text = (name: string) => `Planted ${name} Quillfeather`;
        const json = (name: string) => Buffer.from(JSON.stringify({ text: text(name) }));
        const base64 = (name: string, before: number) =>
          Buffer.concat([Buffer.alloc(before), Buffer.from(text(name)), Buffer.alloc(3)]).toString(
            'base64',
          );
        const carried: Readonly<Record<string, unknown>> = {
          plain: { text: text('plain') },
          wide: Buffer.from(text('wide'), 'utf16le'),
          'base64-0': base64('base64-0', 0),
          'base64-1': base64('base64-1', 1),
          'base64-2': base64('base64-2', 2),
          gzip: gzipSync(json('gzip')),
          zlib: deflateSync(json('zlib')),
          // Longer than a page of the database.
          long: `${'-'.repeat(9000)}${text('long')}`,
        };
        await client.workflow.start('planted', {
          workflowId: 'planted',
          taskQueue: 'nobody',
          args: Object.values(carried),
        });
        const texts = Object.keys(carried).map(text);
        // The server moves pages from its log of writes to the database; between two reads they are in neither.
        const found = await vi.waitFor(
          async () => {
            const search = await searchFolder(folderOf('temporal'), texts);
            expect([...search.found.keys()].sort()).toEqual([...texts].sort());
            return search.found;
          },
          { timeout: MINUTE, interval: 1000 },
        );
        const database = join(folderOf('temporal'), 'temporal.db');
        const log = await readFile(`${database}-wal`);
        expect(textsIn(log, texts)).toEqual(expect.arrayContaining(texts.slice(0, 7)));
        expect(found.get(text('long'))).toContain(database);
      },
      2 * MINUTE,
    );
  });
});
