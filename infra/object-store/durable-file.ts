import { randomBytes } from 'node:crypto';
import { closeSync, fsync, openSync } from 'node:fs';
import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { codeOf } from './errors.js';

/** Waits until what was written to an open file is on the disk. */
export const flush: (file: number) => Promise<void> = promisify(fsync);

/**
 * Flushes a directory, so that the names in it survive a loss of power. To open it on the pool of
 * threads would cost more than to open it.
 */
export async function syncDirectory(path: string): Promise<void> {
  const directory = openSync(path, 'r');
  try {
    await flush(directory);
  } finally {
    closeSync(directory);
  }
}

/** Makes a folder and its parents with mode 0700 and flushes every name that is new. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  const top = dirname(first);
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    await syncDirectory(folder);
    if (folder === top) return;
  }
}

/** Writes `pieces` to a new file with mode 0600 in `folder`, flushed; gives its path. */
export async function writeTemporary(
  folder: string,
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<string> {
  const path = join(folder, `${String(process.pid)}.${randomBytes(8).toString('hex')}.tmp`);
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const piece of pieces) await file.writeFile(piece);
    await file.sync();
    return path;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/** Gives a temporary file its name unless the name is taken: false then. The temporary is gone after. */
export async function publishIfAbsent(temporary: string, path: string): Promise<boolean> {
  try {
    // link() fails where the name exists: rename() would silently replace it.
    await link(temporary, path);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  await syncDirectory(dirname(path));
  return true;
}

export async function publishOver(temporary: string, path: string): Promise<void> {
  try {
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** Creates a small file with mode 0600 whole or not at all; false when it exists. The folder must exist. */
export async function createDurably(path: string, bytes: Uint8Array): Promise<boolean> {
  return publishIfAbsent(await writeTemporary(dirname(path), [bytes]), path);
}
