import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  mkdir,
  mkdtemp,
  open,
  readFile,
  readdir,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLocalKeyService } from '../keys/index.js';
import { withFileMutex } from './file-mutex.js';
import { openArtifactStore, openFileDriver } from './index.js';

describe('file driver', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'custos-files-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  test('says that it is not write-once, and keeps others out', async () => {
    const driver = await openFileDriver({ root: join(root, 'store') });
    expect(driver.writeOnce).toBe(false);
    expect(driver.label).toContain('not write-once');
    await driver.putIfAbsent('data', 'a/b', Buffer.from('x'));
    expect((await stat(join(root, 'store'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(root, 'store', 'data', 'a'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(root, 'store', 'data', 'a', 'b'))).mode & 0o777).toBe(0o600);
  });

  test('finds a bit that was flipped on the disk', async () => {
    const driver = await openFileDriver({ root });
    const keys = await openLocalKeyService({ dir: join(root, 'keys') });
    const artifacts = openArtifactStore({ driver, keys });
    const options = { class: 'derived', mediaType: 'a/b', project: 'p' } as const;
    const ref = await artifacts.put(randomBytes(3000), options);
    const hex = ref.digest.slice(7);
    const path = join(root, 'data', 'artifacts', 'derived', 'p', hex.slice(0, 2), `${hex}.0`);
    const file = await open(path, 'r+');
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, 1500);
    await file.write(Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, 1500);
    await file.close();
    await expect(artifacts.get(ref, 'p')).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT' });
  });

  test('tells a version from a later one with the same content', async () => {
    const driver = await openFileDriver({ root });
    const a = (await driver.putIfAbsent('data', 'k', Buffer.from('a'))) ?? '';
    const b = (await driver.putIfMatch('data', 'k', Buffer.from('b'), a)) ?? '';
    const again = await driver.putIfMatch('data', 'k', Buffer.from('a'), b);
    expect(again).toBeDefined();
    expect(await driver.putIfMatch('data', 'k', Buffer.from('late'), a)).toBeUndefined();
  });

  test('leaves no temporary behind, and sweeps old ones that a killed process left', async () => {
    const driver = await openFileDriver({ root });
    const etag = (await driver.putIfAbsent('data', 'k', Buffer.from('a'))) ?? '';
    await driver.putIfAbsent('data', 'k', Buffer.from('b'));
    await driver.putIfMatch('data', 'k', Buffer.from('c'), etag);
    await driver.putIfMatch('data', 'k', Buffer.from('d'), etag);
    expect(await readdir(join(root, '.tmp'))).toEqual([]);
    for (const name of ['old.tmp', 'new.tmp']) await writeFile(join(root, '.tmp', name), 'x');
    await utimes(join(root, '.tmp', 'old.tmp'), 1, 1);
    await openFileDriver({ root });
    expect(await readdir(join(root, '.tmp'))).toEqual(['new.tmp']);
  });

  test('refuses a key below an object', async () => {
    const driver = await openFileDriver({ root });
    await driver.putIfAbsent('data', 'a', Buffer.from('x'));
    const below = driver.putIfAbsent('data', 'a/b', Buffer.from('x'));
    await expect(below).rejects.toMatchObject({ code: 'STORE_CONFLICT' });
    expect(await driver.get('data', 'a/b')).toBeUndefined();
  });

  test('says denied for a folder without permission', async () => {
    const driver = await openFileDriver({ root });
    await mkdir(join(root, 'data', 'shut'));
    // Everybody may write elsewhere, so that only this folder can refuse.
    for (const open of ['', 'data', '.tmp']) await chmod(join(root, open), 0o777);
    await chmod(join(root, 'data', 'shut'), 0o500);
    await unprivileged(async () => {
      const put = driver.putIfAbsent('data', 'shut/a', Buffer.from('x'));
      await expect(put).rejects.toMatchObject({ code: 'STORE_DENIED' });
    });
  });
});

describe('file mutex', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'custos-mutex-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('runs one at a time, goes on after a failure, and leaves one file', async () => {
    let inside = 0;
    const order: number[] = [];
    const runs = Array.from({ length: 20 }, (_, n) =>
      withFileMutex(folder, async () => {
        expect((inside += 1)).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 1));
        inside -= 1;
        order.push(n);
        if (n === 3) throw new Error('planned');
      }),
    );
    const results = await Promise.allSettled(runs);
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(order).toHaveLength(20);
    expect(await readdir(folder)).toEqual(['20']);
  });

  test('waits for a holder that lives and takes over from one that was killed', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      stdio: 'ignore',
    });
    const start = await startTicks(child.pid ?? 0);
    const holder = { pid: child.pid, startedAt: start, released: false };
    await writeFile(join(folder, '7'), JSON.stringify(holder));
    let entered = false;
    const waiting = withFileMutex(folder, () => Promise.resolve((entered = true)));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(entered).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await waiting;
    expect(await readdir(folder)).toEqual(['8']);
  });

  test('excludes contenders that do not share a queue, as processes do not', async () => {
    // Other spellings of one folder: separate queues, the same files.
    const spellings = ['', '/.', '/./.', '/././.', '/./././.', '/.//'];
    let inside = 0;
    let runs = 0;
    const contend = async (spelling: string): Promise<void> => {
      for (let n = 0; n < 15; n += 1) {
        await withFileMutex(`${folder}${spelling}`, async () => {
          expect((inside += 1)).toBe(1);
          await new Promise((resolve) => setImmediate(resolve));
          inside -= 1;
          runs += 1;
        });
      }
    };
    await Promise.all(spellings.map(contend));
    expect(runs).toBe(90);
    expect(await readdir(folder)).toEqual(['90']);
  });

  test.skipIf(process.platform !== 'linux')(
    'takes over from a dead holder whose process id lives again as another process',
    async () => {
      const holder = { pid: process.pid, startedAt: '1', released: false };
      await writeFile(join(folder, '1'), JSON.stringify(holder));
      expect(await withFileMutex(folder, () => Promise.resolve('in'))).toBe('in');
    },
  );
});

/** Root may write anywhere, so as root the work runs under the user id of nobody. */
async function unprivileged(work: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    await work();
  } finally {
    process.seteuid?.(0);
  }
}

async function startTicks(pid: number): Promise<string> {
  try {
    const text = await readFile(`/proc/${String(pid)}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
