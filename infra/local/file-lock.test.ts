import { fork } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withFileLock } from './file-lock.js';
import { identifyProcess, isRunning } from './process-identity.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custos-lock-'));
  path = join(folder, 'a.lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const options = { waitMs: 10_000, purpose: 'test' };

describe('withFileLock', () => {
  it('lets one in at a time, also over a dead holder', async () => {
    await writeFile(path, JSON.stringify({ pid: process.pid, startId: 'an earlier boot:1' }));
    let inside = 0;
    let most = 0;
    const visit = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await sleep(5);
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 12 }, () => withFileLock(path, options, visit)));
    expect(most).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('names the living holder when it has waited long enough', async () => {
    await withFileLock(path, options, async () => {
      const waited: number[] = [];
      const onWait = (pid: number): void => void waited.push(pid);
      const second = withFileLock(path, { ...options, waitMs: 1, onWait }, () => Promise.resolve());
      await expect(second).rejects.toMatchObject({
        code: 'LOCKED',
        message: expect.stringContaining(String(process.pid)) as string,
      });
      expect(waited).toEqual([process.pid]);
      expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(identifyProcess(process.pid));
    });
  });

  it('gives the lock back when the work fails', async () => {
    const failing = withFileLock(path, options, () => Promise.reject(new Error('planned')));
    await expect(failing).rejects.toThrow('planned');
    expect(await readdir(folder)).toEqual([]);
  });

  it('stops waiting on abort', async () => {
    await withFileLock(path, options, async () => {
      const signal = AbortSignal.abort();
      const second = withFileLock(path, { ...options, signal }, () => Promise.resolve());
      await expect(second).rejects.toMatchObject({ code: 'CANCELLED' });
    });
  });
});

describe('identifyProcess', () => {
  it('tells a living process from one that ended', async () => {
    const script = join(folder, 'wait.cjs');
    await writeFile(script, 'process.on("message", () => process.exit(0));');
    const child = fork(script, { execArgv: [] });
    const identity = identifyProcess(child.pid ?? 0);
    expect(identity !== undefined && isRunning(identity)).toBe(true);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.send('end');
    await ended;
    expect(identity !== undefined && isRunning(identity)).toBe(false);
  });
});
