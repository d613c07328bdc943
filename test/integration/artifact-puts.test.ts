import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KeyService, PutOptions } from '../../domain/lineage/index.js';
import { openLocalKeyService } from '../../infra/keys/index.js';
import { openArtifactStore, type ObjectDriver } from '../../infra/object-store/index.js';
import { storesUnderTest, toArray, type StoreUnderTest } from '../support/object-stores.js';

const stores = await storesUnderTest();

type Create = ObjectDriver['putIfAbsent'];

describe.each(stores)('puts of equal bytes: $name', ({ skip, open }) => {
  let store: StoreUnderTest;
  let folder: string;
  let keys: KeyService;
  beforeAll(async () => {
    if (skip) return;
    store = await open();
    folder = await mkdtemp(join(tmpdir(), 'custos-keys-'));
    keys = await openLocalKeyService({ dir: folder });
  });
  afterAll(async () => {
    if (skip) return;
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  const check = test.skipIf(skip);

  /** A store as another process has it, which has met nothing. */
  const another = (driver = store.driver) => openArtifactStore({ driver, keys });

  /** The driver with `create` in the place of its own writes of new objects. */
  const creating = (create: (own: Create) => Create): ObjectDriver =>
    new Proxy(store.driver, {
      get(driver, name: keyof ObjectDriver) {
        const value: unknown = driver[name];
        if (typeof value !== 'function') return value;
        if (name === 'putIfAbsent') return create(driver.putIfAbsent.bind(driver));
        return (...args: unknown[]): unknown => value.apply(driver, args);
      },
    });

  const optionsFor = (project: string, kind: PutOptions['class'] = 'derived'): PutOptions => ({
    class: kind,
    mediaType: 'text/plain',
    project,
  });
  const epochsOf = async (digest: string, kind: string): Promise<string[]> => {
    const all = await toArray(store.driver.list('data', `artifacts/${kind}/`));
    return all.filter((key) => key.includes(digest.slice(7))).map((key) => key.slice(-1));
  };
  const keyFiles = async (): Promise<number> => {
    const names = await readdir(folder, { recursive: true });
    return names.filter((name) => /[0-9a-f]{32}$/.test(name)).length;
  };

  check('from processes that have not met them leave no trace in the key folder', async () => {
    const bytes = randomBytes(900);
    const before = await keyFiles();
    const ref = await another().put(bytes, optionsFor('again'));
    for (let count = 0; count < 5; count += 1) await another().put(bytes, optionsFor('again'));
    expect((await keyFiles()) - before).toBe(1);
    expect(bytes.equals(await another().get(ref, 'again'))).toBe(true);
  });

  check.each([
    ['derived', 900],
    ['public', 900],
    ['derived', 9 * 2 ** 20],
  ] as const)(
    'store %s of %i bytes once when they come and are erased just before the write',
    async (kind, sizeBytes) => {
      const bytes = randomBytes(sizeBytes);
      const options = optionsFor('raced', kind);
      const first = another();
      let races = 0;
      const raced = creating((own) => async (bucket, key, body) => {
        if (key.startsWith('artifacts/') && races++ === 0) {
          await first.erase(await first.put(bytes, options), 'raced', 'request 30');
        }
        return own(bucket, key, body);
      });
      const ref = await another(raced).put(bytes, options);
      expect(await epochsOf(ref.digest, kind)).toEqual(['1']);
      await another().put(bytes, options);
      expect(await epochsOf(ref.digest, kind)).toEqual(['1']);
      expect(bytes.equals(await another().get(ref, 'raced'))).toBe(true);
      await first.erase(ref, 'raced', 'request 31');
      expect(await epochsOf(ref.digest, kind)).toEqual([]);
    },
  );

  check('keep the key of a write that arrived, whatever its answer says', async () => {
    const bytes = randomBytes(900);
    // As behind a proxy that sends a write again.
    const twice = creating((own) => async (...args) => {
      await own(...args);
      return own(...args);
    });
    const ref = await another(twice).put(bytes, optionsFor('twice'));
    expect(bytes.equals(await another().get(ref, 'twice'))).toBe(true);
    expect(await epochsOf(ref.digest, 'derived')).toEqual(['0']);
  });
});
