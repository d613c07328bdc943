import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadOrCreateConfig } from './config.js';
import { ensureDataDir, resolveDataDir } from './data-dir.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custos-data-dir-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it.each([
  [{ dataDir: 'here', env: { CUSTOS_HOME: '/home-dir' } }, '/work/here'],
  [{ dataDir: '/there', env: {} }, '/there'],
  [{ env: { CUSTOS_HOME: '/home-dir' } }, '/home-dir'],
  [{ env: { CUSTOS_HOME: '' } }, '/work/.custos'],
  [{ env: {} }, '/work/.custos'],
])('resolves %j to %s', (options, expected) => {
  expect(resolveDataDir({ ...options, cwd: '/work' })).toBe(expected);
});

describe('ensureDataDir', () => {
  it('closes an open directory to others', async () => {
    const dataDir = join(folder, 'open');
    await mkdir(dataDir);
    await chmod(dataDir, 0o755);
    const layout = await ensureDataDir(dataDir);
    for (const path of [dataDir, layout.logsDir])
      expect((await stat(path)).mode & 0o777).toBe(0o700);
  });

  it('says so when a file is in the way', async () => {
    const dataDir = join(folder, 'file');
    await writeFile(dataDir, '');
    await expect(ensureDataDir(dataDir)).rejects.toMatchObject({
      code: 'DATA_DIR_INVALID',
      message: expect.stringContaining('--data-dir') as string,
    });
  });
});

describe('loadOrCreateConfig', () => {
  it('draws credentials once, for this directory only', async () => {
    const [one, two] = [
      await ensureDataDir(join(folder, 'a')),
      await ensureDataDir(join(folder, 'b')),
    ];
    const first = await loadOrCreateConfig(one);
    expect(await loadOrCreateConfig(one)).toEqual(first);
    const other = await loadOrCreateConfig(two);
    for (const name of ['accessKey', 'secretKey', 'kmsKey'] as const) {
      expect(other.s3[name]).not.toBe(first.s3[name]);
    }
    expect(Buffer.from(first.s3.kmsKey.split(':')[1] ?? '', 'base64')).toHaveLength(32);
    expect((await stat(one.configFile)).mode & 0o777).toBe(0o600);
  });

  it.each(['{"version":1', '{}', '[]', '{"version":1,"ports":{"s3":"x"}}'])(
    'never replaces damaged contents such as %s, and does not quote them',
    async (text) => {
      const layout = await ensureDataDir(folder);
      await writeFile(layout.configFile, text);
      const error = await loadOrCreateConfig(layout).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'CONFIG_CORRUPT' });
      expect(String(error)).not.toContain(text);
      expect(await readFile(layout.configFile, 'utf8')).toBe(text);
    },
  );
});
