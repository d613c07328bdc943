import type { BigIntStats } from 'node:fs';
import { open, readdir, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from './errors.js';

/** Unlike a digest of the content, this never comes back: a key that went A -> B -> A is another version. */
export function etagOf(stats: BigIntStats): string {
  return [stats.ino, stats.mtimeNs, stats.size].map((part) => part.toString(36)).join('-');
}

export async function statOrUndefined(path: string): Promise<BigIntStats | undefined> {
  try {
    const found = await stat(path, { bigint: true });
    return found.isFile() ? found : undefined;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

export async function openOrUndefined(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

function isAbsence(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
}

const HOUR_MS = 3_600_000;

/** Removes temporaries that a killed process left behind. */
export async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const found = await statOrUndefined(join(folder, name));
    if (found !== undefined && Date.now() - Number(found.mtimeMs) > HOUR_MS) {
      await rm(join(folder, name), { force: true });
    }
  }
}
