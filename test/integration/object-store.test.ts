import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDocumentStore, withLease } from '../../infra/object-store/index.js';
import {
  freshKey,
  storesUnderTest,
  toArray,
  type StoreUnderTest,
} from '../support/object-stores.js';

const stores = await storesUnderTest();

describe.each(stores)('driver contract: $name', ({ skip, open }) => {
  let store: StoreUnderTest;
  beforeAll(async () => {
    if (!skip) store = await open();
  });
  afterAll(async () => {
    if (!skip) await store.close();
  });
  const check = test.skipIf(skip);

  check.each([0, 1, 70_000, 3_000_001])('gives back %i bytes, whole and by range', async (size) => {
    const { driver } = store;
    const key = freshKey();
    const bytes = randomBytes(size);
    const etag = await driver.putIfAbsent('data', key, bytes);
    expect(etag).toMatch(/./);
    const found = await driver.get('data', key);
    expect(found?.etag).toBe(etag);
    expect(found?.bytes.equals(bytes)).toBe(true);
    expect(await driver.stat('data', key)).toMatchObject({ sizeBytes: size, etag });
    const [entry] = await toArray(driver.entries('data', key));
    expect(entry).toMatchObject({ key, sizeBytes: size });
    expect(Math.abs(Date.now() - (entry?.modifiedMs ?? 0))).toBeLessThan(60_000);
    for (const [offset, length] of [
      [0, 1],
      [0, 65_536],
      [size - 1, 10],
      [size, 5],
      [size + 9, 5],
    ] as const) {
      if (offset < 0) continue;
      const part = await driver.getRange('data', key, offset, length);
      expect(part?.totalBytes).toBe(size);
      expect(part?.etag).toBe(etag);
      expect(part?.bytes.equals(bytes.subarray(offset, offset + length))).toBe(true);
    }
  });

  check('says undefined for what is not there, and removes it without complaint', async () => {
    const { driver } = store;
    for (const bucket of ['data', 'evidence'] as const) {
      const key = freshKey('absent');
      expect(await driver.get(bucket, key)).toBeUndefined();
      expect(await driver.getRange(bucket, key, 0, 5)).toBeUndefined();
      expect(await driver.stat(bucket, key)).toBeUndefined();
      if (bucket === 'data') expect(await driver.freshen(key)).toBe(false);
      await driver.remove(bucket, key);
    }
  });

  check('lets one of 16 creators win, and keeps what the winner wrote', async () => {
    const key = freshKey('race');
    const bodies = Array.from({ length: 16 }, () => randomBytes(2000));
    const etags = await Promise.all(
      bodies.map((body) => store.driver.putIfAbsent('data', key, body)),
    );
    const winners = etags.flatMap((etag, index) => (etag === undefined ? [] : [index]));
    expect(winners).toHaveLength(1);
    const found = await store.driver.get('data', key);
    expect(found?.bytes.equals(bodies[winners[0] ?? -1] ?? Buffer.alloc(0))).toBe(true);
  });

  check('lets one of 8 replacers win and refuses a stale or absent version', async () => {
    const { driver } = store;
    const key = freshKey('replace');
    const first = (await driver.putIfAbsent('data', key, Buffer.from('first'))) ?? '';
    const etags = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        driver.putIfMatch('data', key, Buffer.from(`n${String(i)}`), first),
      ),
    );
    const winner = etags.findIndex((etag) => etag !== undefined);
    expect(etags.filter((etag) => etag !== undefined)).toHaveLength(1);
    const found = await driver.get('data', key);
    expect(found?.bytes.toString()).toBe(`n${String(winner)}`);
    expect(found?.etag).toBe(etags[winner]);
    expect(await driver.putIfMatch('data', key, Buffer.from('late'), first)).toBeUndefined();
    expect(await driver.putIfMatch('data', freshKey(), Buffer.from('x'), first)).toBeUndefined();
  });

  check('stores a stream, and nothing of one that is not what it declares', async () => {
    const { driver } = store;
    const pieces = [randomBytes(300_000), randomBytes(700_000), randomBytes(17)];
    const whole = Buffer.concat(pieces);
    const sha256Hex = createHash('sha256').update(whole).digest('hex');
    const streamOf = (given: readonly Buffer[], fail = false) => ({
      sizeBytes: whole.length,
      sha256Hex,
      async *open() {
        yield* given;
        await Promise.resolve();
        if (fail) throw new Error('the source broke');
      },
    });
    const key = freshKey('stream');
    await driver.putIfAbsent('data', key, streamOf(pieces));
    expect((await driver.get('data', key))?.bytes.equals(whole)).toBe(true);

    const bad = {
      truncated: streamOf(pieces.slice(0, 2)),
      'cut in a piece': streamOf([whole.subarray(0, whole.length - 1)]),
      'too long': streamOf([...pieces, Buffer.from('x')]),
      altered: streamOf([whole.subarray(0, 1000), Buffer.alloc(whole.length - 1000)]),
      broken: streamOf(pieces, true),
    };
    for (const [name, body] of Object.entries(bad)) {
      const refused = freshKey('refused');
      await expect(driver.putIfAbsent('data', refused, body), name).rejects.toThrow();
      expect(await driver.stat('data', refused), name).toBeUndefined();
    }
  });

  check(
    'lists more than a thousand keys under a prefix, in order',
    async () => {
      const { driver } = store;
      const prefix = freshKey('list');
      const keys = Array.from(
        { length: 1030 },
        (_, i) => `${prefix}/${i % 2 === 0 ? 'a' : 'a-b'}/${String(i)}`,
      );
      for (let from = 0; from < keys.length; from += 32) {
        const batch = keys.slice(from, from + 32);
        await Promise.all(batch.map((key) => driver.putIfAbsent('data', key, Buffer.from('x'))));
      }
      expect(await toArray(driver.list('data', prefix))).toEqual([...keys].sort());
      const some = keys.filter((key) => key.startsWith(`${prefix}/a/10`)).sort();
      expect(await toArray(driver.list('data', `${prefix}/a/10`))).toEqual(some);
      expect(await toArray(driver.list('data', `${prefix}/nothing`))).toEqual([]);
    },
    120_000,
  );

  check('removes from data, and the key is free again', async () => {
    const { driver } = store;
    const key = freshKey('gone');
    await driver.putIfAbsent('data', key, Buffer.from('1'));
    await driver.remove('data', key);
    expect(await driver.get('data', key)).toBeUndefined();
    expect(await driver.putIfAbsent('data', key, Buffer.from('2'))).toBeDefined();
  });

  check.each([
    '',
    '/a',
    'a/',
    'a//b',
    '../a',
    'a/../b',
    'a/./b',
    'a b',
    'ä',
    'a\\b',
    'a\0',
    'x'.repeat(300),
  ])('refuses the key %j', async (key) => {
    await expect(store.driver.putIfAbsent('data', key, Buffer.from('x'))).rejects.toMatchObject({
      code: 'STORE_INVALID',
    });
  });

  check('keeps documents under their prefix', async () => {
    const documents = openDocumentStore(store.driver, 'data', freshKey('documents'));
    expect(await documents.read('a/b')).toBeUndefined();
    expect(await documents.create('a/b', Buffer.from('one'))).toBe(true);
    expect(await documents.create('a/b', Buffer.from('two'))).toBe(false);
    const first = await documents.read('a/b');
    expect(Buffer.from(first?.bytes ?? []).toString()).toBe('one');
    expect(await documents.replace('a/b', Buffer.from('two'), first?.etag ?? '')).toBe(true);
    expect(await documents.replace('a/b', Buffer.from('three'), first?.etag ?? '')).toBe(false);
    await documents.create('c', Buffer.from('x'));
    expect(await toArray(documents.list(''))).toEqual(['a/b', 'c']);
    expect(await toArray(documents.list('a/'))).toEqual(['a/b']);
    await documents.remove('a/b');
    expect(await documents.read('a/b')).toBeUndefined();
  });

  check(
    'gives a lease to one holder at a time, with a growing token',
    async () => {
      const documents = openDocumentStore(store.driver, 'data', freshKey('leases'));
      let inside = 0;
      let most = 0;
      const tokens: number[] = [];
      const hold = (owner: string): Promise<void> =>
        withLease(documents, 'seq', { ttlMs: 5000, owner, waitMs: 60_000 }, async (lease) => {
          inside += 1;
          most = Math.max(most, inside);
          tokens.push(lease.token);
          await new Promise((resolve) => setTimeout(resolve, 20));
          lease.assertHeld();
          inside -= 1;
        });
      await Promise.all(['a', 'b', 'c', 'd', 'e'].map(hold));
      expect(most).toBe(1);
      expect(tokens).toEqual([1, 2, 3, 4, 5]);
    },
    60_000,
  );

  check(
    'takes a lease over from a holder that vanished, whose own assertion then fails',
    async () => {
      const documents = openDocumentStore(store.driver, 'data', freshKey('leases'));
      // A holder cut off from the store: its lease is written, its renewals and release go nowhere.
      const cutOff = { ...documents, replace: () => Promise.resolve(false) };
      let takenOver = (): void => undefined;
      const waiting = new Promise<void>((resolve) => (takenOver = resolve));
      const late = withLease(cutOff, 'seq', { ttlMs: 300, owner: 'late' }, async (lease) => {
        await waiting;
        expect(lease.signal.aborted).toBe(true);
        lease.assertHeld();
      });
      await expect.poll(() => documents.read('seq')).toBeDefined();
      const options = { ttlMs: 300, owner: 'next', waitMs: 60_000 };
      const token = await withLease(documents, 'seq', options, (lease) =>
        Promise.resolve(lease.token),
      );
      expect(token).toBe(2);
      takenOver();
      await expect(late).rejects.toMatchObject({ code: 'STORE_LEASED' });
    },
    60_000,
  );

  check('does not wait longer for a lease than asked', async () => {
    const documents = openDocumentStore(store.driver, 'data', freshKey('leases'));
    await withLease(documents, 'seq', { ttlMs: 60_000, owner: 'first' }, async () => {
      const second = withLease(
        documents,
        'seq',
        { ttlMs: 60_000, owner: 'second', waitMs: 0 },
        () => Promise.resolve(),
      );
      await expect(second).rejects.toMatchObject({ code: 'STORE_LEASED' });
    });
  });
});
