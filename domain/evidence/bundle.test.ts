import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  demoReviewer,
  demoSubmitter,
  faultsOf,
  KEYS,
  makeBundle,
  makeParty,
  promotedBy,
  readerOf,
  releaser,
} from '../../test/support/evidence-bundle.js';
import { CHECK_NAMES, verifyBundle, type EvidenceKey } from './index.js';

describe('an untroubled bundle', () => {
  test('passes every check', async () => {
    const report = await verifyBundle(readerOf(await makeBundle()), KEYS);
    expect(report.checks.flatMap(({ findings }) => findings)).toEqual([]);
    expect(report.ok).toBe(true);
    expect(report.checks.map(({ name }) => name)).toEqual(CHECK_NAMES);
  });

  test('passes as a demo when demo people signed', async () => {
    const files = await makeBundle({
      people: { submitter: demoSubmitter, reviewer: demoReviewer },
    });
    expect(await faultsOf(files)).toEqual([]);
  });

  test('passes as promoted by a releaser', async () => {
    const promoted = await makeBundle(await promotedBy(releaser));
    expect(await faultsOf(promoted)).toEqual([]);
  });
});

describe('a changed file', () => {
  test('one flipped bit at any place of any file is found in that file', async () => {
    const files = await makeBundle();
    const paths = [...files.keys()];
    const position = fc.record({
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      bit: fc.integer({ min: 0, max: 7 }),
    });
    for (const path of paths) {
      await fc.assert(
        fc.asyncProperty(position, async ({ at, bit }) => {
          const bytes = Buffer.from(files.get(path) ?? '');
          const offset = Math.floor(at * bytes.length);
          bytes[offset] = (bytes[offset] ?? 0) ^ (1 << bit);
          const [first] = await faultsOf(new Map(files).set(path, bytes));
          expect(first).toMatch(new RegExp(`^(manifest|digests): ${path.replaceAll('.', '\\.')}$`));
        }),
        { numRuns: 12 },
      );
    }
  });

  test.each([
    ['a byte appended', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('\n')])],
    ['a byte removed', (bytes: Buffer) => bytes.subarray(0, -1)],
    ['nothing left', () => Buffer.alloc(0)],
  ])('%s is found in every file', async (_, change) => {
    const files = await makeBundle();
    for (const [path, bytes] of files) {
      const changed = new Map(files).set(path, change(bytes));
      expect(await faultsOf(changed)).toEqual([expect.stringContaining(`: ${path}`)]);
    }
  });

  test('every byte of the signature and bytes all over the manifest matter', async () => {
    const files = await makeBundle();
    for (const [path, stride] of [
      ['manifest.json', 31],
      ['manifest.dsse.json', 1],
    ] as const) {
      const bytes = files.get(path) ?? Buffer.alloc(0);
      for (let offset = 0; offset < bytes.length; offset += stride) {
        const changed = Buffer.from(bytes);
        changed[offset] = (changed[offset] ?? 0) ^ 1;
        expect(await faultsOf(new Map(files).set(path, changed))).toEqual([`manifest: ${path}`]);
      }
    }
  });

  test('a missing and an extra file are named', async () => {
    const files = await makeBundle();
    files.delete('reports/audit.json');
    files.set('reports/.hidden', Buffer.from('x'));
    expect(await faultsOf(files)).toEqual([
      'files: reports/audit.json',
      'files: reports/.hidden',
      'digests: reports/audit.json',
    ]);
  });
});

describe('keys', () => {
  test.each(['worker', 'ledger', 'sam', 'rea'])('without %s it fails', async (owner) => {
    const keys = KEYS.filter((key) => key.owner !== owner);
    expect(await faultsOf(await makeBundle(), keys)).not.toEqual([]);
  });

  test.each([
    ['a worker key trusted as a ledger key', 'worker', { use: 'ledger' }],
    ['a ledger key trusted as a worker key', 'ledger', { use: 'worker' }],
    ['a reviewer without the role', 'rea', { roles: ['auditor'] }],
    ['a reviewer without any role', 'rea', { roles: [] }],
    ['a key of another person', 'rea', { owner: 'kim' }],
    ['a key since marked as a demo', 'rea', { demo: true }],
  ] satisfies [string, string, Partial<EvidenceKey>][])(
    '%s does not count',
    async (_, owner, change) => {
      const keys = KEYS.map((key) => (key.owner === owner ? { ...key, ...change } : key));
      expect(await faultsOf(await makeBundle(), keys)).not.toEqual([]);
    },
  );

  test('two keys under one id are refused', async () => {
    const { key } = makeParty('worker', 'worker');
    expect(await faultsOf(await makeBundle(), [...KEYS, key])).not.toEqual([]);
  });

  test('no keys trust nothing', async () => {
    expect(await faultsOf(await makeBundle(), [])).toEqual(['manifest: manifest.dsse.json']);
  });
});
