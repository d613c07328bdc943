import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf, StoreError } from './errors.js';

interface Holder {
  readonly pid: number;
  readonly startedAt: string;
}

const queues = new Map<string, Promise<unknown>>();
const PATIENCE_MS = 30_000;

/**
 * Runs `body` while no other process on this machine runs one for the same folder. A holder that
 * was killed does not block: its process is gone, and the next takes over.
 */
export function withFileMutex<T>(folder: string, body: () => Promise<T>): Promise<T> {
  const before = queues.get(folder) ?? Promise.resolve();
  const run = before.then(() => holdWhile(folder, body));
  const settled = run.then(
    () => undefined,
    () => undefined,
  );
  queues.set(folder, settled);
  void settled.then(() => {
    if (queues.get(folder) === settled) queues.delete(folder);
  });
  return run;
}

async function holdWhile<T>(folder: string, body: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const mine = await acquire(folder);
  try {
    return await body();
  } finally {
    // Empty is released: to let go must not need the space that a full disk has not.
    await truncate(join(folder, String(mine)));
  }
}

/**
 * Holders are files numbered upwards; the highest holds the lock. Nobody ever removes the highest,
 * so a contender that was slow and re-creates a lower number sees the higher one and steps back.
 */
async function acquire(folder: string): Promise<number> {
  const deadline = Date.now() + PATIENCE_MS;
  for (let waitMs = 1; ; waitMs = Math.min(waitMs * 2, 50)) {
    const highest = await highestNumber(folder);
    if (highest === 0 || !(await isHeld(folder, highest))) {
      const mine = highest + 1;
      if (await createHolder(folder, mine)) {
        if ((await highestNumber(folder)) === mine) {
          await removeBelow(folder, mine);
          return mine;
        }
        await rm(join(folder, String(mine)), { force: true });
      }
    }
    if (Date.now() > deadline) {
      throw new StoreError(
        'STORE_UNAVAILABLE',
        'Another process on this machine has held the lock of a document for 30 s; stop it, then try again',
        { endpoint: folder },
      );
    }
    await delay(waitMs);
  }
}

async function numbersIn(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

async function highestNumber(folder: string): Promise<number> {
  return Math.max(0, ...(await numbersIn(folder)));
}

async function removeBelow(folder: string, mine: number): Promise<void> {
  for (const number of await numbersIn(folder)) {
    if (number < mine) await rm(join(folder, String(number)), { force: true });
  }
}

/** False when the number is taken. */
async function createHolder(folder: string, number: number): Promise<boolean> {
  const holder: Holder = { pid: process.pid, startedAt: (await startOf(process.pid)) ?? '' };
  const temporary = join(folder, `${randomBytes(8).toString('hex')}.tmp`);
  try {
    await writeFile(temporary, JSON.stringify(holder), { mode: 0o600 });
    await link(temporary, join(folder, String(number)));
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function isHeld(folder: string, number: number): Promise<boolean> {
  let text: string;
  try {
    text = await readFile(join(folder, String(number)), 'utf8');
  } catch (error) {
    // Replaced by a higher one meanwhile: look again.
    if (codeOf(error) === 'ENOENT') return true;
    throw error;
  }
  if (text === '') return false;
  const holder = JSON.parse(text) as Holder;
  const startedAt = await startOf(holder.pid);
  return startedAt !== undefined && (holder.startedAt === '' || startedAt === holder.startedAt);
}

/** When a process started, in ticks since boot; '' where the system does not say, undefined when it is gone. */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return undefined;
  }
  try {
    const text = await readFile(`/proc/${String(pid)}/stat`, 'utf8');
    // Fields 3 (state) and 22 (start), counted after the command in parentheses (proc(5)).
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : (fields[19] ?? '');
  } catch {
    return '';
  }
}
