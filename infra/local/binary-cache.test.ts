import { appendFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adoptBinary, findBinary } from './find-binary.js';

const PRINTS: Readonly<Record<string, string>> = {
  temporal: 'temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)',
  oldTemporal: 'temporal version 0.10.0 (server 1.20.0)',
  minio: 'any-name version RELEASE.2025-01-02T00-00-00Z (commit-id=x)\nCopyright: MinIO, Inc.',
  oldMinio: 'minio version RELEASE.2022-01-02T00-00-00Z (commit-id=x)\nCopyright: MinIO, Inc.',
  goGetMinio: 'minio version DEVELOPMENT.GOGET (commit-id=x)\nCopyright: MinIO, Inc.',
  other: 'hello',
};

let folder: string;
let cacheDir: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custos-cache-'));
  cacheDir = join(folder, 'cache');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function program(prints: string, name = prints): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\ncat <<'END'\n${PRINTS[prints] ?? ''}\nEND\n`, { mode: 0o755 });
  return path;
}

const noPath = { PATH: '' };

describe('findBinary', () => {
  it('prefers the environment, then the configuration, then PATH, then the cache', async () => {
    const configuredPath = await program('temporal', 'configured');
    const fromEnv = await program('temporal', 'fromEnv');
    const onPath = await program('temporal');
    await adoptBinary('temporal', onPath, { cacheDir });
    const CUSTOS_TEMPORAL_PATH = fromEnv;
    const cases = [
      [{ configuredPath, env: { CUSTOS_TEMPORAL_PATH, PATH: folder } }, 'configured', fromEnv],
      [{ configuredPath, env: { PATH: folder } }, 'configured', configuredPath],
      [{ env: { PATH: `/nonexistent:${folder}` } }, 'path', onPath],
      [{ env: noPath }, 'adopted', undefined],
    ] as const;
    for (const [options, source, path] of cases) {
      const found = await findBinary('temporal', { ...options, cacheDir, mayFetch: false });
      expect(found).toMatchObject({
        source,
        version: '1.5.1',
        ...(path === undefined ? {} : { path }),
      });
    }
  });

  it.each([
    ['temporal', 'oldTemporal', 'BINARY_UNUSABLE'],
    ['temporal', 'other', 'BINARY_UNUSABLE'],
    ['minio', 'oldMinio', 'BINARY_UNUSABLE'],
    ['minio', 'temporal', 'BINARY_UNUSABLE'],
    ['minio', 'nothing there', 'BINARY_MISSING'],
  ] as const)(
    'refuses, for %s, a configured program that prints %s',
    async (name, prints, code) => {
      const configuredPath = prints in PRINTS ? await program(prints) : join(folder, 'absent');
      await expect(
        findBinary(name, { configuredPath, cacheDir, env: noPath }),
      ).rejects.toMatchObject({ code });
    },
  );

  it.each(['minio', 'goGetMinio'])(
    'takes a MinIO that prints %s under any file name',
    async (prints) => {
      const configuredPath = await program(prints);
      const found = await findBinary('minio', { configuredPath, cacheDir, env: noPath });
      expect(found.source).toBe('configured');
    },
  );

  it('passes over an unusable program on PATH', async () => {
    await program('oldTemporal', 'temporal');
    const find = findBinary('temporal', { cacheDir, env: { PATH: folder }, mayFetch: false });
    await expect(find).rejects.toMatchObject({ code: 'BINARY_MISSING' });
  });
});

describe('the cache', () => {
  it('refuses a binary whose bytes or record were changed after it was stored', async () => {
    const { path } = await adoptBinary('temporal', await program('temporal'), { cacheDir });
    const find = () => findBinary('temporal', { cacheDir, env: noPath, mayFetch: false });
    await expect(find()).resolves.toMatchObject({ path });
    await appendFile(path, '\n');
    await expect(find()).rejects.toMatchObject({
      code: 'BINARY_MISMATCH',
      message: expect.stringContaining('custos setup temporal') as string,
    });

    await adoptBinary('temporal', await program('temporal'), { cacheDir });
    await expect(find()).resolves.toMatchObject({ path });
    await rm(`${path}.json`);
    await expect(find()).rejects.toMatchObject({ code: 'BINARY_MISMATCH' });
  });

  it('leaves no temporary file behind', async () => {
    await adoptBinary('temporal', await program('temporal'), { cacheDir });
    await expect(adoptBinary('temporal', join(folder, 'absent'), { cacheDir })).rejects.toThrow();
    expect((await readdir(cacheDir)).length).toBe(2);
  });
});
