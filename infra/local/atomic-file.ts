import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemErrorCode } from './errors.js';

export type JsonFile =
  | { readonly state: 'absent' }
  | { readonly state: 'corrupt' }
  | { readonly state: 'read'; readonly value: unknown };

/** Writes `value` as JSON with mode 0600, so that a reader sees the old file or the new one and nothing between. */
export async function writeJsonAtomic(path: string, value: unknown): Promise<void> {
  const temporary = `${path}.${String(process.pid)}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(value, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** Reads JSON. A parser's message may quote the file, so damage is reported as a state and no text. */
export async function readJson(path: string): Promise<JsonFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return { state: 'absent' };
    throw error;
  }
  try {
    return { state: 'read', value: JSON.parse(text) as unknown };
  } catch {
    return { state: 'corrupt' };
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
