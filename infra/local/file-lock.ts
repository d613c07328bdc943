import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { LocalError, systemErrorCode } from './errors.js';
import { identifyProcess, isProcessIdentity, isRunning } from './process-identity.js';

export interface LockOptions {
  /** How long to wait for a living holder, in milliseconds. */
  readonly waitMs: number;
  /** What the holder is doing, for the error. */
  readonly purpose: string;
  /** Called once when somebody else holds the lock. */
  readonly onWait?: (holderPid: number) => void;
  readonly signal?: AbortSignal | undefined;
}

const POLL_MS = 100;
const HEALER_MAX_AGE_MS = 10_000;

/**
 * Runs `work` while holding the lock file at `path`. A lock whose holder died is taken over.
 * @throws LocalError `LOCKED` when a living process holds it for longer than `waitMs`, `CANCELLED` on abort.
 */
export async function withFileLock<T>(
  path: string,
  options: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  await acquire(path, options);
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function acquire(path: string, options: LockOptions): Promise<void> {
  const deadline = Date.now() + options.waitMs;
  let announced = false;
  while (!(await tryAcquire(path))) {
    if (options.signal?.aborted === true) {
      throw new LocalError('CANCELLED', `Cancelled while waiting to ${options.purpose}.`);
    }
    const holder = await readHolder(path);
    if (holder === 'dead') {
      await heal(path);
      continue;
    }
    if (holder === 'absent') continue;
    if (!announced) options.onWait?.(holder);
    announced = true;
    if (Date.now() >= deadline) {
      throw new LocalError(
        'LOCKED',
        `Process ${String(holder)} holds ${path} (to ${options.purpose}) for over ${String(options.waitMs)} ms. ` +
          'Wait for it or end that process, then try again.',
      );
    }
    await sleep(POLL_MS);
  }
}

// A hard link appears with its content complete, unlike a file opened with O_EXCL and written afterwards.
async function tryAcquire(path: string): Promise<boolean> {
  const mine = `${path}.${String(process.pid)}.${randomBytes(4).toString('hex')}`;
  await writeFile(mine, JSON.stringify(identifyProcess(process.pid)), { mode: 0o600, flag: 'wx' });
  try {
    await link(mine, path);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(mine, { force: true });
  }
}

async function readHolder(path: string): Promise<number | 'dead' | 'absent'> {
  try {
    const holder = JSON.parse(await readFile(path, 'utf8')) as unknown;
    return isProcessIdentity(holder) && isRunning(holder) ? holder.pid : 'dead';
  } catch (error) {
    return systemErrorCode(error) === 'ENOENT' ? 'absent' : 'dead';
  }
}

// One healer at a time, and it looks again: otherwise two could remove, the second one a fresh lock.
async function heal(path: string): Promise<void> {
  const healer = `${path}.heal`;
  try {
    await mkdir(healer);
  } catch {
    await dropOldHealer(healer);
    await sleep(POLL_MS);
    return;
  }
  try {
    if ((await readHolder(path)) === 'dead') await rm(path, { force: true });
  } finally {
    await rmdir(healer);
  }
}

async function dropOldHealer(healer: string): Promise<void> {
  try {
    const { mtimeMs } = await stat(healer);
    if (Date.now() - mtimeMs > HEALER_MAX_AGE_MS) await rmdir(healer);
  } catch {
    return;
  }
}
