import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHUNK_BYTES, type KeyService, type PutOptions } from '../../domain/lineage/index.js';
import { openLocalKeyService } from '../../infra/keys/index.js';
import {
  openArtifactStore,
  type ObjectDriver,
  type StreamingArtifactStore,
} from '../../infra/object-store/index.js';
import type { ArtifactRef } from '../../schemas/index.js';
import { storesUnderTest, toArray, type StoreUnderTest } from '../support/object-stores.js';

const stores = await storesUnderTest();
const salt = randomBytes(32);
const project = 'hospital';

function optionsFor(artifactClass: PutOptions['class']): PutOptions {
  const salted = artifactClass === 'raw' || artifactClass === 'vault';
  return { class: artifactClass, mediaType: 'text/plain', project, ...(salted ? { salt } : {}) };
}

/** The object's key, by the layout that docs and other readers rely on. */
function keyOf(ref: ArtifactRef, owner = project, epoch = 0): string {
  const hex = ref.digest.slice(7);
  const folder = ref.class === 'public' || ref.class === 'evidence' ? '' : `${owner}/`;
  return `artifacts/${ref.class}/${folder}${hex.slice(0, 2)}/${hex}.${String(epoch)}`;
}

describe.each(stores)('artifact contract: $name', ({ skip, open }) => {
  let store: StoreUnderTest;
  let folder: string;
  let keys: KeyService;
  let artifacts: StreamingArtifactStore;
  beforeAll(async () => {
    if (skip) return;
    store = await open();
    folder = await mkdtemp(join(tmpdir(), 'custos-keys-'));
    keys = await openLocalKeyService({ dir: join(folder, 'keys') });
    artifacts = openArtifactStore({ driver: store.driver, keys });
  });
  afterAll(async () => {
    if (skip) return;
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  const check = test.skipIf(skip);

  /** Puts an object's bytes through `change` behind the store's back. */
  async function rewrite(
    from: string,
    change: (bytes: Buffer) => Buffer,
    to = from,
  ): Promise<void> {
    const found = await store.driver.get('data', from);
    if (found === undefined) throw new Error(`nothing at ${from}`);
    await store.driver.remove('data', to);
    await store.driver.putIfAbsent('data', to, change(Buffer.from(found.bytes)));
  }

  check(
    'gives back bytes and ranges of any size around the borders of chunks',
    async () => {
      const border = fc.constantFrom(
        0,
        32,
        CHUNK_BYTES - 32,
        CHUNK_BYTES,
        2 * CHUNK_BYTES - 32,
        2 * CHUNK_BYTES,
      );
      const size = fc
        .tuple(border, fc.integer({ min: -2, max: 2 }))
        .map(([at, by]) => Math.max(0, at + by));
      const place = fc.integer({ min: 0, max: 2 * CHUNK_BYTES + 50 });
      const artifactClass = fc.constantFrom('raw', 'vault', 'derived', 'evidence', 'public');
      const ranges = fc.array(fc.tuple(place, place), { minLength: 3, maxLength: 3 });
      await fc.assert(
        fc.asyncProperty(size, artifactClass, ranges, async (sizeBytes, kind, wanted) => {
          const bytes = randomBytes(sizeBytes);
          const ref = await artifacts.put(bytes, optionsFor(kind));
          expect(ref).toMatchObject({ class: kind, mediaType: 'text/plain', sizeBytes });
          expect(bytes.equals(await artifacts.get(ref, project))).toBe(true);
          expect(await artifacts.has(ref, project)).toBe(true);
          for (const [offset, length] of wanted) {
            const part = await artifacts.getRange(ref, project, offset, length);
            expect(bytes.subarray(offset, offset + length).equals(part)).toBe(true);
          }
        }),
        { numRuns: 25 },
      );
    },
    120_000,
  );

  check('counts what is put or asked for again after an hour as stored now', async () => {
    const options = { driver: store.driver, keys };
    const inTwoHours = openArtifactStore({ ...options, now: () => new Date(Date.now() + 7.2e6) });
    for (const kind of ['raw', 'derived', 'public'] as const) {
      const bytes = randomBytes(5000);
      const ref = await artifacts.put(bytes, optionsFor(kind));
      const storedMs = async () => {
        const [entry] = await toArray(store.driver.entries('data', keyOf(ref)));
        return entry?.modifiedMs ?? 0;
      };
      const first = await storedMs();
      expect(Math.abs(Date.now() - first)).toBeLessThan(60_000);
      await artifacts.put(bytes, optionsFor(kind));
      expect(await artifacts.has(ref, project)).toBe(true);
      expect(await storedMs()).toBe(first);
      // A store tells its times in milliseconds.
      await sleep(5);
      await inTwoHours.put(bytes, optionsFor(kind));
      const second = await storedMs();
      expect(second).toBeGreaterThan(first);
      await sleep(5);
      expect(await inTwoHours.has(ref, project)).toBe(true);
      expect(await storedMs()).toBeGreaterThan(second);
      expect(bytes.equals(await artifacts.get(ref, project))).toBe(true);
    }
  });

  check('names bytes by their digest, salted bytes by that of salt and bytes', async () => {
    const bytes = randomBytes(100);
    const plain = await artifacts.put(bytes, optionsFor('derived'));
    expect(plain.digest).toBe(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
    const salted = await artifacts.put(bytes, optionsFor('raw'));
    const digest = createHash('sha256').update(salt).update(bytes).digest('hex');
    expect(salted).toMatchObject({ digest: `sha256:${digest}`, sizeBytes: 100 });
  });

  check('keeps no plaintext, no salt and no digest of a sealed chunk in clear', async () => {
    const bytes = Buffer.concat([
      randomBytes(CHUNK_BYTES - 32),
      Buffer.from('known record '.repeat(10)),
    ]);
    const ref = await artifacts.put(bytes, optionsFor('raw'));
    const object = (await store.driver.get('data', keyOf(ref)))?.bytes ?? Buffer.alloc(0);
    const tail = createHash('sha256')
      .update(bytes.subarray(CHUNK_BYTES - 32))
      .digest();
    expect(object.length).toBeGreaterThan(CHUNK_BYTES);
    for (const secret of [
      salt,
      Buffer.from('known record'),
      tail,
      Buffer.from(tail.toString('hex')),
    ]) {
      expect(object.includes(secret)).toBe(false);
    }
  });

  check('stores equal bytes once, whoever comes first, and keeps one key', async () => {
    const own = await openLocalKeyService({ dir: join(folder, 'one') });
    const many = openArtifactStore({ driver: store.driver, keys: own });
    const bytes = randomBytes(5000);
    const refs = await Promise.all(
      Array.from({ length: 8 }, () =>
        many.put(bytes, { ...optionsFor('derived'), project: 'one' }),
      ),
    );
    expect(new Set(refs.map((ref) => ref.digest)).size).toBe(1);
    expect(await toArray(store.driver.list('data', 'artifacts/derived/one/'))).toHaveLength(1);
    const kept = await readdir(join(folder, 'one', 'keks'), { recursive: true });
    expect(kept.filter((name) => /[0-9a-f]{32}$/.test(name))).toHaveLength(1);
  });

  check('asks before it writes only for bytes that it has met', async () => {
    const asked: string[] = [];
    const counting = new Proxy(store.driver, {
      get(driver, name: keyof ObjectDriver) {
        const value: unknown = driver[name];
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          asked.push(name);
          return value.apply(driver, args);
        };
      },
    });
    const open = () => openArtifactStore({ driver: counting, keys });
    const [first, other] = [open(), open()];
    const cases = [
      ['derived', ['putIfAbsent', 'stat'], ['putIfAbsent', 'get']],
      ['evidence', ['putIfAbsent'], ['putIfAbsent', 'get']],
    ] as const;
    for (const [kind, fresh, foreign] of cases) {
      const bytes = randomBytes(700);
      for (const [by, expected] of [
        [first, fresh],
        [first, ['get']],
        [other, foreign],
        [other, ['get']],
      ] as const) {
        asked.length = 0;
        const ref = await by.put(bytes, optionsFor(kind));
        expect(asked).toEqual(expected);
        expect(bytes.equals(await by.get(ref, project))).toBe(true);
      }
    }
  });

  check.each(['raw', 'derived', 'public'] as const)(
    'erases %s and takes it again',
    async (kind) => {
      const bytes = randomBytes(2000);
      const ref = await artifacts.put(bytes, optionsFor(kind));
      await artifacts.erase(ref, project, 'request 17');
      await artifacts.erase(ref, project, 'request 17');
      expect(await artifacts.has(ref, project)).toBe(false);
      await expect(artifacts.get(ref, project)).rejects.toMatchObject({ code: 'ARTIFACT_ERASED' });
      const tombstone = await store.driver.get(
        'data',
        `${keyOf(ref).replace('artifacts/', 'tombstones/')}.json`,
      );
      expect(JSON.parse(tombstone?.bytes.toString() ?? '')).toMatchObject({
        digest: ref.digest,
        epoch: 0,
        reason: 'request 17',
      });
      expect(await artifacts.put(bytes, optionsFor(kind))).toEqual(ref);
      expect(bytes.equals(await artifacts.get(ref, project))).toBe(true);
      expect(await toArray(store.driver.list('data', keyOf(ref).slice(0, -1)))).toEqual([
        keyOf(ref, project, 1),
      ]);
    },
  );

  check('does not give an erased object back when its bytes return from a backup', async () => {
    const ref = await artifacts.put(randomBytes(2000), optionsFor('raw'));
    const backup = await store.driver.get('data', keyOf(ref));
    await artifacts.erase(ref, project, 'request 18');
    await store.driver.putIfAbsent('data', keyOf(ref), backup?.bytes ?? Buffer.alloc(0));
    await expect(artifacts.get(ref, project)).rejects.toMatchObject({ code: 'ARTIFACT_ERASED' });
    expect(await artifacts.has(ref, project)).toBe(false);
  });

  check('finishes an erasure that was cut short after the key was destroyed', async () => {
    const ref = await artifacts.put(randomBytes(300), optionsFor('derived'));
    const header = (await store.driver.get('data', keyOf(ref)))?.bytes.toString('latin1') ?? '';
    await keys.destroy(/"keyId":"([0-9a-f]+)"/.exec(header)?.[1] ?? '');
    await expect(artifacts.get(ref, project)).rejects.toMatchObject({ code: 'ARTIFACT_ERASED' });
    await artifacts.erase(ref, project, 'request 19');
    expect(await store.driver.stat('data', keyOf(ref))).toBeUndefined();
    await expect(artifacts.get(ref, project)).rejects.toMatchObject({ code: 'ARTIFACT_ERASED' });
  });

  check('erases for one project what another keeps', async () => {
    const bytes = randomBytes(100);
    const ref = await artifacts.put(bytes, optionsFor('derived'));
    await artifacts.put(bytes, { ...optionsFor('derived'), project: 'bank' });
    await artifacts.erase(ref, 'bank', 'request 20');
    expect(bytes.equals(await artifacts.get(ref, project))).toBe(true);
    await expect(artifacts.get(ref, 'bank')).rejects.toMatchObject({ code: 'ARTIFACT_ERASED' });
  });

  check('refuses to erase evidence', async () => {
    const ref = await artifacts.put(randomBytes(10), optionsFor('evidence'));
    await expect(artifacts.erase(ref, project, 'x')).rejects.toMatchObject({
      code: 'STORE_WRITE_ONCE',
    });
    expect(await artifacts.has(ref, project)).toBe(true);
  });

  check('does not give a sealed artifact to another project, nor a copy moved to it', async () => {
    const ref = await artifacts.put(randomBytes(10), optionsFor('derived'));
    await expect(artifacts.get(ref, 'stranger')).rejects.toMatchObject({
      code: 'ARTIFACT_MISSING',
    });
    await rewrite(keyOf(ref), (bytes) => bytes, keyOf(ref, 'stranger'));
    await expect(artifacts.get(ref, 'stranger')).rejects.toMatchObject({
      code: 'ARTIFACT_CORRUPT',
    });
    expect(await artifacts.has(ref, 'stranger')).toBe(false);
  });

  const damages: readonly (readonly [string, (bytes: Buffer, other: Buffer) => Buffer, RegExp])[] =
    [
      ['a bit of the magic', flipAt(2), /begin like/],
      ['a bit of the header', flipAt(40), /header/],
      ['a bit of the first chunk', (bytes) => flipAt(bytes.length - CHUNK_BYTES)(bytes), /chunk 0/],
      ['a bit of the last chunk', (bytes) => flipAt(bytes.length - 300)(bytes), /chunk 1/],
      ['the last bit', (bytes) => flipAt(bytes.length - 1)(bytes), /chunk 1/],
      ['the end cut off', (bytes) => bytes.subarray(0, -1), /bytes long/],
      ['all cut off', () => Buffer.alloc(0), /begin like/],
      ['the beginning cut off', (bytes) => bytes.subarray(0, 10), /begin like/],
      ['something added', (bytes) => Buffer.concat([bytes, Buffer.from('x')]), /bytes long/],
      ['another artifact', (_bytes, other) => other, /key does not open|all of its chunks/],
    ];
  for (const kind of ['raw', 'derived', 'public'] as const) {
    check.each(damages)(
      `finds %s changed in an artifact of class ${kind}`,
      async (_name, change, where) => {
        const ref = await artifacts.put(randomBytes(CHUNK_BYTES + 500), optionsFor(kind));
        const other = await artifacts.put(randomBytes(CHUNK_BYTES + 500), optionsFor(kind));
        const foreign = (await store.driver.get('data', keyOf(other)))?.bytes ?? Buffer.alloc(0);
        await rewrite(keyOf(ref), (bytes) => change(bytes, foreign));
        const expected = { code: 'ARTIFACT_CORRUPT' };
        const failure = await artifacts.get(ref, project).then(
          () => 'was read',
          (error: unknown) => error,
        );
        expect(failure).toMatchObject(expected);
        expect(String(failure)).toContain(ref.digest);
        expect(String(failure)).toMatch(where);
        const whole = artifacts.getRange(ref, project, 0, ref.sizeBytes);
        await expect(whole).rejects.toMatchObject(expected);
        expect(await artifacts.has(ref, project)).toBe(false);
      },
    );
  }

  check('finds chunks in another order', async () => {
    const bytes = randomBytes(2 * CHUNK_BYTES);
    const ref = await artifacts.put(bytes, optionsFor('derived'));
    await rewrite(keyOf(ref), (object) => {
      const chunk = CHUNK_BYTES + 16;
      const start = object.length - 2 * chunk;
      return Buffer.concat([
        object.subarray(0, start),
        object.subarray(start + chunk),
        object.subarray(start, start + chunk),
      ]);
    });
    await expect(artifacts.get(ref, project)).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT' });
    await expect(artifacts.getRange(ref, project, 5, 5)).rejects.toMatchObject({
      code: 'ARTIFACT_CORRUPT',
    });
  });

  check(
    'finds an unsealed chunk that was changed together with its digest in the header',
    async () => {
      const bytes = randomBytes(2 * CHUNK_BYTES);
      const ref = await artifacts.put(bytes, optionsFor('public'));
      await artifacts.getRange(ref, project, 0, 10);
      await rewrite(keyOf(ref), forgeLastChunk);
      for (const reader of [artifacts, openArtifactStore({ driver: store.driver, keys })]) {
        const range = reader.getRange(ref, project, CHUNK_BYTES + 5, 5);
        await expect(range).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT' });
      }
    },
  );

  check('counts a damaged object as not there and stores the bytes again', async () => {
    const bytes = randomBytes(500);
    const ref = await artifacts.put(bytes, optionsFor('derived'));
    await rewrite(keyOf(ref), (object) => flipAt(object.length - 3)(object));
    expect(await artifacts.put(bytes, optionsFor('derived'))).toEqual(ref);
    expect(bytes.equals(await artifacts.get(ref, project))).toBe(true);
  });

  check("refuses to read under a key folder that is not the store's", async () => {
    const ref = await artifacts.put(randomBytes(50), optionsFor('derived'));
    const strange = await openLocalKeyService({ dir: join(folder, 'strange') });
    const reader = openArtifactStore({ driver: store.driver, keys: strange });
    await expect(reader.get(ref, project)).rejects.toMatchObject({ code: 'KEY_UNAVAILABLE' });
    await expect(reader.has(ref, project)).rejects.toMatchObject({ code: 'KEY_UNAVAILABLE' });
  });

  check('says missing for a digest that nobody stored', async () => {
    const digest = `sha256:${randomBytes(32).toString('hex')}`;
    const ref = { digest, class: 'derived', mediaType: 'a/b', sizeBytes: 1 } as const;
    const missing = { code: 'ARTIFACT_MISSING' };
    await expect(artifacts.get(ref, project)).rejects.toMatchObject(missing);
    await expect(artifacts.erase(ref, project, 'x')).rejects.toMatchObject(missing);
    expect(await artifacts.has(ref, project)).toBe(false);
  });

  check.each([
    ['raw without a salt', { class: 'raw', project }],
    ['vault with a short salt', { class: 'vault', project, salt: randomBytes(31) }],
    ['derived with a salt', { class: 'derived', project, salt }],
    ['a project that is a path', { class: 'derived', project: '../x' }],
  ] as const)('refuses to put %s', async (_name, options) => {
    const put = artifacts.put(randomBytes(5), { mediaType: 'a/b', ...options });
    await expect(put).rejects.toMatchObject({ code: 'STORE_INVALID' });
  });

  check(
    'moves a file larger than its buffers through as a stream',
    async () => {
      const path = join(folder, 'large');
      const bytes = randomBytes(66 * CHUNK_BYTES + 77);
      await writeFile(path, bytes);
      const ref = await artifacts.putFile(path, optionsFor('vault'));
      const hash = createHash('sha256').update(salt);
      for await (const piece of artifacts.stream(ref, project)) hash.update(piece);
      expect(`sha256:${hash.digest('hex')}`).toBe(ref.digest);
      const at = 40 * CHUNK_BYTES - 10;
      const part = await artifacts.getRange(ref, project, at, 20);
      expect(bytes.subarray(at, at + 20).equals(part)).toBe(true);
      expect(await artifacts.putFile(path, optionsFor('vault'))).toEqual(ref);
    },
    120_000,
  );
});

function flipAt(offset: number): (bytes: Buffer) => Buffer {
  return (bytes) => {
    bytes[offset] = (bytes[offset] ?? 0) ^ 0x10;
    return bytes;
  };
}

/** Changes the last chunk of an unsealed object and makes its header say so, checksum and all. */
function forgeLastChunk(object: Buffer): Buffer {
  const headerBytes = object.readUInt32BE(8);
  const header = object.subarray(12, 12 + headerBytes).toString('utf8');
  const body = flipAt(object.length - 1 - (12 + headerBytes + 32))(
    Buffer.from(object.subarray(12 + headerBytes + 32)),
  );
  const forged = createHash('sha256').update(body.subarray(CHUNK_BYTES)).digest('hex');
  const changed = header.replace(/[0-9a-f]{64}(?="\])/, forged);
  const start = Buffer.concat([object.subarray(0, 12), Buffer.from(changed, 'utf8')]);
  return Buffer.concat([start, createHash('sha256').update(start).digest(), body]);
}
