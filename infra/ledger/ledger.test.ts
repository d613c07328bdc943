import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { extendChain, genesisHash, verifyLedgerProof } from '../../domain/evidence/index.js';
import {
  sha256,
  type DocumentStore,
  type Ledger,
  type Signer,
  type TrustedKey,
} from '../../domain/lineage/index.js';
import { openDocumentStore, openFileDriver, type ObjectDriver } from '../object-store/index.js';
import { openLedger } from './index.js';

function makeSigner(keyId = 'ledger-key'): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    keyId,
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    sign: (message) => Promise.resolve(sign(null, message, privateKey)),
  };
}

const trust = ({ keyId, publicKey }: Signer): TrustedKey[] => [
  { keyId, publicKey, owner: 'ledger', use: 'ledger', demo: false },
];

const leaf = (text: string) => sha256(text);
const signer = makeSigner();
let root: string;
let stores = 0;
const drivers: ObjectDriver[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'custos-ledger-'));
});
afterAll(async () => {
  await Promise.all(drivers.map((driver) => driver.close()));
  await rm(root, { recursive: true });
});

interface Store {
  readonly folder: string;
  readonly documents: DocumentStore;
  readonly leaseDocuments: DocumentStore;
}

async function freshStore(): Promise<Store> {
  stores += 1;
  const folder = join(root, String(stores));
  const driver = await openFileDriver({ root: folder });
  drivers.push(driver);
  return {
    folder,
    documents: openDocumentStore(driver, 'evidence', 'log'),
    leaseDocuments: openDocumentStore(driver, 'data', 'log'),
  };
}

const open = (store: Store, options: Partial<Parameters<typeof openLedger>[0]> = {}) =>
  openLedger({
    documents: store.documents,
    leaseDocuments: store.leaseDocuments,
    signer,
    leaseMs: 1_000,
    ...options,
  });

async function scanned(ledger: Ledger, from = 0): Promise<string[]> {
  const leaves: string[] = [];
  for await (const entry of ledger.scan(from)) {
    expect(entry.index).toBe(from + leaves.length);
    leaves.push(entry.leaf);
  }
  return leaves;
}

/** A store whose writes fail when `fails` says so; the fault stands before or after the write. */
function faulty(
  documents: DocumentStore,
  fails: (key: string) => 'before' | 'after' | undefined,
): DocumentStore {
  return {
    ...documents,
    async create(key, bytes) {
      if (fails(key) === 'before') throw new Error('connection reset');
      const created = await documents.create(key, bytes);
      if (fails(key) === 'after') throw new Error('connection reset');
      return created;
    },
  };
}

describe('an empty log', () => {
  test('has the genesis hash as its signed root and no leaf', async () => {
    const ledger = await open(await freshStore(), { logId: 'test-log' });
    const checkpoint = await ledger.checkpoint();
    expect(checkpoint).toMatchObject({ size: 0, root: genesisHash('test-log') });
    expect(await scanned(ledger)).toEqual([]);
    await expect(ledger.proof(0)).rejects.toMatchObject({ code: 'EVIDENCE_INVALID' });
    expect(await ledger.append([], 'nothing')).toEqual([]);
  });
});

describe('appending', () => {
  test('gives indexes in order and a chain that can be recomputed', async () => {
    const ledger = await open(await freshStore(), { logId: 'test-log' });
    const [a, b, c] = [leaf('a'), leaf('b'), leaf('c')];
    expect((await ledger.append([a, b], 'first')).map(({ index }) => index)).toEqual([0, 1]);
    expect((await ledger.append([c], 'second')).map(({ index }) => index)).toEqual([2]);
    const expected = [a, b, c].reduce(extendChain, genesisHash('test-log'));
    expect(await ledger.checkpoint()).toMatchObject({ size: 3, root: expected });
    expect(await scanned(ledger, 1)).toEqual([b, c]);
  });

  test('is idempotent by key, also from another process, and refuses other leaves', async () => {
    const store = await freshStore();
    const ledger = await open(store);
    const receipts = await ledger.append([leaf('a')], 'key');
    expect(await ledger.append([leaf('a')], 'key')).toEqual(receipts);
    const other = await open(store);
    expect(await other.append([leaf('a')], 'key')).toEqual(receipts);
    const misuse = { code: 'EVIDENCE_INVALID' };
    await expect(other.append([leaf('b')], 'key')).rejects.toMatchObject(misuse);
    expect(await scanned(other)).toEqual([leaf('a')]);
  });

  test('refuses one misused key of a batch and keeps the rest of it', async () => {
    const ledger = await open(await freshStore());
    const settled = await Promise.allSettled([
      ledger.append([leaf('x')], 'warm-up'),
      ledger.append([leaf('a')], 'same'),
      ledger.append([leaf('a')], 'same'),
      ledger.append([leaf('b')], 'same'),
      ledger.append([leaf('c')], 'other'),
    ]);
    expect(settled.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect((await scanned(ledger)).length).toBe(3);
  });

  test.each(['', 'k'.repeat(257)])(
    'refuses an idempotency key of the wrong length',
    async (key) => {
      const ledger = await open(await freshStore());
      const refusal = { code: 'EVIDENCE_INVALID' };
      await expect(ledger.append([leaf('a')], key)).rejects.toMatchObject(refusal);
    },
  );

  test('four writers over one store lose no entry and share no index', async () => {
    const store = await freshStore();
    const ledgers = await Promise.all([1, 2, 3, 4].map(() => open(store)));
    const appended = await Promise.all(
      ledgers.flatMap((ledger, writer) =>
        Array.from({ length: 12 }, async (_, turn) => {
          await new Promise((resolve) => setTimeout(resolve, turn * 3));
          const name = `${writer}/${turn}`;
          const [receipt] = await ledger.append([leaf(name)], name);
          return { name, index: receipt?.index ?? -1 };
        }),
      ),
    );
    const log = await scanned(await open(store));
    expect(log.length).toBe(48);
    for (const { name, index } of appended) expect(log[index]).toBe(leaf(name));
  });
});

describe('proofs', () => {
  test('every leaf proves itself and all later ones to the signed checkpoint', async () => {
    const store = await freshStore();
    const ledger = await open(store);
    for (const batch of [['a', 'b'], ['c'], ['d', 'e', 'f']]) {
      await ledger.append(batch.map(leaf), batch.join());
    }
    for (const [index, name] of ['a', 'b', 'c', 'd', 'e', 'f'].entries()) {
      const segment = verifyLedgerProof(await ledger.proof(index), trust(signer));
      expect(segment.leafAt(index)).toBe(leaf(name));
      expect(segment.leafAt(5)).toBe(leaf('f'));
      expect(segment.leafAt(index - 1)).toBeUndefined();
      expect(segment.rootAt(6)).toBe(segment.checkpoint.root);
    }
  });
});

describe('faults', () => {
  test.each([
    ['a block that is not written', 'blocks/', 'before', 0],
    ['a block whose answer is lost', 'blocks/', 'after', 1],
    ['a receipt that is not written', 'receipts/', 'before', 1],
  ] as const)('%s fails the append; trying again gives one entry', async (_, part, when, left) => {
    const store = await freshStore();
    await (await open(store)).append([leaf('x')], 'before');
    let down = true;
    const documents = faulty(store.documents, (key) =>
      down && key.includes(part) ? when : undefined,
    );
    const ledger = await open(store, { documents });
    const outage = { code: 'LEDGER_UNAVAILABLE' };
    await expect(ledger.append([leaf('a')], 'key')).rejects.toMatchObject(outage);
    expect(await scanned(await open(store))).toHaveLength(1 + left);
    down = false;
    const [receipt] = await ledger.append([leaf('a')], 'key');
    expect(receipt?.index).toBe(1);
    const [again] = await (await open(store)).append([leaf('a')], 'key');
    expect(again).toEqual(receipt);
  });

  test('a holder that died keeps the lease only until it runs out', async () => {
    const store = await freshStore();
    const dead = { token: 'dead', untilMs: Date.now() + 3_600_000 };
    const document = { schema: 'custos.ledger-sequencer.v1', lease: dead, head: null };
    await store.leaseDocuments.create(
      'ledger/sequencer.json',
      Buffer.from(JSON.stringify(document)),
    );
    const impatient = await open(store, { waitMs: 20 });
    const busy = { code: 'LEDGER_UNAVAILABLE' };
    await expect(impatient.append([leaf('a')], 'key')).rejects.toMatchObject(busy);
    const ledger = await open(store, { leaseMs: 100 });
    expect(await ledger.append([leaf('a')], 'key')).toHaveLength(1);
  });
});

describe('what was changed is refused', () => {
  const blockPath = (store: Store, number: number) =>
    join(store.folder, 'evidence/log/ledger/blocks', `${String(number).padStart(12, '0')}.json`);

  async function logOfThree(): Promise<Store> {
    const store = await freshStore();
    const ledger = await open(store, { logId: 'test-log' });
    for (const name of ['a', 'b', 'c']) await ledger.append([leaf(name)], name);
    // The receipt is out before the hint of it is.
    await vi.waitFor(async () => {
      const hint = await store.leaseDocuments.read('ledger/sequencer.json');
      const text = Buffer.from(hint?.bytes ?? []).toString('utf8');
      expect(JSON.parse(text)).toMatchObject({ lease: null, head: { block: 2 } });
    });
    return store;
  }
  const readAll = async (store: Store) => scanned(await open(store));

  test('a changed leaf', async () => {
    const store = await logOfThree();
    const path = blockPath(store, 1);
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(leaf('b'), leaf('B')));
    await expect(readAll(store)).rejects.toMatchObject({ code: 'LEDGER_BROKEN' });
  });

  test('a history written again by another key', async () => {
    const store = await logOfThree();
    const forged = await freshStore();
    const forger = await open(forged, { signer: makeSigner(), logId: 'test-log' });
    for (const name of ['a', 'B', 'c']) await forger.append([leaf(name)], name);
    for (const number of [0, 1, 2]) {
      await writeFile(blockPath(store, number), await readFile(blockPath(forged, number)));
    }
    await expect(open(store)).rejects.toMatchObject({ code: 'LEDGER_BROKEN' });
  });

  test('a block of another place in the same log', async () => {
    const store = await logOfThree();
    await writeFile(blockPath(store, 1), await readFile(blockPath(store, 0)));
    await expect(readAll(store)).rejects.toMatchObject({ code: 'LEDGER_BROKEN' });
  });

  test('a log that was cut', async () => {
    const store = await logOfThree();
    await rm(blockPath(store, 2));
    await expect(open(store)).rejects.toMatchObject({ code: 'LEDGER_BROKEN' });
  });

  test('another log than the one asked for', async () => {
    const store = await logOfThree();
    const refusal = { code: 'EVIDENCE_INVALID' };
    await expect(open(store, { logId: 'other' })).rejects.toMatchObject(refusal);
  });

  test.each(['{', '{"schema":"custos.ledger-sequencer.v1","head":{"block":9,"checkpoint":{}}}'])(
    'but a broken hint only costs a walk: %s',
    async (text) => {
      const store = await logOfThree();
      const hint = await store.leaseDocuments.read('ledger/sequencer.json');
      await store.leaseDocuments.replace(
        'ledger/sequencer.json',
        Buffer.from(text),
        hint?.etag ?? '',
      );
      const ledger = await open(store);
      expect(await scanned(ledger)).toHaveLength(3);
      const [receipt] = await ledger.append([leaf('d')], 'd');
      expect(receipt?.index).toBe(3);
    },
  );
});
