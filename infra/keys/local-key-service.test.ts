import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLocalKeyService } from './index.js';

describe('local key service', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'custos-keys-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const kekFile = (keyId: string): string => join(dir, 'keks', keyId.slice(0, 2), keyId);

  test('unwraps what it wrapped, after a restart too, in files of mode 0600', async () => {
    const dataKey = randomBytes(32);
    const wrapped = await (await openLocalKeyService({ dir })).wrap(dataKey, 'here');
    const again = await openLocalKeyService({ dir });
    expect(dataKey.equals(await again.unwrap(wrapped, 'here'))).toBe(true);
    for (const path of [join(dir, 'master.key'), kekFile(wrapped.keyId)]) {
      expect((await stat(path)).mode & 0o777).toBe(0o600);
    }
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    expect(Buffer.from(wrapped.ciphertext, 'base64').includes(dataKey)).toBe(false);
  });

  test('makes a key again whose folder was removed, and leaves nothing beside the keys', async () => {
    const keys = await openLocalKeyService({ dir });
    await rm(join(dir, 'keks'), { recursive: true });
    const dataKey = randomBytes(32);
    const wrapped = await keys.wrap(dataKey, 'here');
    expect(dataKey.equals(await keys.unwrap(wrapped, 'here'))).toBe(true);
    const folder = wrapped.keyId.slice(0, 2);
    expect(await readdir(join(dir, 'keks'), { recursive: true })).toEqual([
      folder,
      join(folder, wrapped.keyId),
    ]);
    await chmod(kekFile(wrapped.keyId), 0o644);
    await expect(keys.unwrap(wrapped, 'here')).rejects.toMatchObject({ code: 'KEY_UNAVAILABLE' });
  });

  test('gives all first callers one master key', async () => {
    const services = await Promise.all(
      Array.from({ length: 8 }, () => openLocalKeyService({ dir })),
    );
    expect(new Set(services.map((service) => service.id)).size).toBe(1);
  });

  test('opens a key only in its context and unchanged', async () => {
    const keys = await openLocalKeyService({ dir });
    const wrapped = await keys.wrap(randomBytes(32), 'here');
    const other = await keys.wrap(randomBytes(32), 'here');
    const flipped = Buffer.from(wrapped.ciphertext, 'base64');
    flipped[20] = (flipped[20] ?? 0) ^ 1;
    const cases = [
      [wrapped, 'there'],
      [{ ...wrapped, ciphertext: flipped.toString('base64') }, 'here'],
      [{ ...wrapped, ciphertext: other.ciphertext }, 'here'],
      [{ ...wrapped, ciphertext: '' }, 'here'],
    ] as const;
    for (const [key, context] of cases) {
      await expect(keys.unwrap(key, context)).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT' });
    }
  });

  test('destroys for good: no key, no way back by restoring its file', async () => {
    const keys = await openLocalKeyService({ dir });
    const wrapped = await keys.wrap(randomBytes(32), 'here');
    const kept = await keys.wrap(randomBytes(32), 'here');
    const backup = await readFile(kekFile(wrapped.keyId));
    await keys.destroy(wrapped.keyId);
    await keys.destroy(wrapped.keyId);
    expect(await readdir(join(dir, 'keks'), { recursive: true })).not.toContain(
      join(wrapped.keyId.slice(0, 2), wrapped.keyId),
    );
    const erased = { code: 'ARTIFACT_ERASED' };
    await expect(keys.unwrap(wrapped, 'here')).rejects.toMatchObject(erased);
    await writeFile(kekFile(wrapped.keyId), backup, { mode: 0o600 });
    await expect(keys.unwrap(wrapped, 'here')).rejects.toMatchObject(erased);
    await keys.unwrap(kept, 'here');
    const reopened = await openLocalKeyService({ dir });
    await expect(reopened.unwrap(wrapped, 'here')).rejects.toMatchObject(erased);
  });

  test('finishes a destruction that was cut short', async () => {
    const keys = await openLocalKeyService({ dir });
    const wrapped = await keys.wrap(randomBytes(32), 'here');
    const backup = await readFile(kekFile(wrapped.keyId));
    await keys.destroy(wrapped.keyId);
    await writeFile(kekFile(wrapped.keyId), backup, { mode: 0o600 });
    await keys.destroy(wrapped.keyId);
    await expect(stat(kekFile(wrapped.keyId))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('discards a key without a trace, also one that is gone, and leaves a destroyed one destroyed', async () => {
    const keys = await openLocalKeyService({ dir });
    const wrapped = await keys.wrap(randomBytes(32), 'here');
    const destroyed = await keys.wrap(randomBytes(32), 'here');
    await keys.destroy(destroyed.keyId);
    for (const { keyId } of [wrapped, wrapped, destroyed]) await keys.discard(keyId);
    const left = await readdir(dir, { recursive: true });
    expect(left.filter((name) => name.endsWith(wrapped.keyId))).toEqual([]);
    await expect(keys.unwrap(wrapped, 'here')).rejects.toMatchObject({ code: 'KEY_UNAVAILABLE' });
    await expect(keys.unwrap(destroyed, 'here')).rejects.toMatchObject({ code: 'ARTIFACT_ERASED' });
    await expect(keys.discard('../../master.key')).rejects.toMatchObject({
      code: 'KEY_UNAVAILABLE',
    });
  });

  test.each([
    ['unknown', 'f'.repeat(32)],
    ['a path', '../../master.key'],
    ['empty', ''],
  ])('knows no key whose id is %s', async (_name, keyId) => {
    const keys = await openLocalKeyService({ dir });
    const unavailable = { code: 'KEY_UNAVAILABLE' };
    await expect(keys.unwrap({ keyId, ciphertext: '' }, 'x')).rejects.toMatchObject(unavailable);
    await expect(keys.destroy(keyId)).rejects.toMatchObject(unavailable);
  });

  const damage: readonly (readonly [string, (path: string) => Promise<void>])[] = [
    ['missing', (path) => rm(path)],
    ['too short', (path) => writeFile(path, 'short')],
    ['readable by others', (path) => chmod(path, 0o644)],
  ];
  test.each(damage)('does not open when the master key is %s', async (_name, harm) => {
    const keys = await openLocalKeyService({ dir });
    await keys.wrap(randomBytes(32), 'here');
    await harm(join(dir, 'master.key'));
    await expect(openLocalKeyService({ dir })).rejects.toMatchObject({ code: 'KEY_UNAVAILABLE' });
  });

  test('opens nothing under another master key', async () => {
    const wrapped = await (await openLocalKeyService({ dir })).wrap(randomBytes(32), 'here');
    await writeFile(join(dir, 'master.key'), randomBytes(32));
    const keys = await openLocalKeyService({ dir });
    await expect(keys.unwrap(wrapped, 'here')).rejects.toMatchObject({ code: 'KEY_UNAVAILABLE' });
  });
});
