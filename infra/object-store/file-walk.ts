import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Leftovers, ObjectEntry } from './driver.js';
import { codeOf, StoreError } from './errors.js';
import { statOrUndefined } from './file-access.js';

/** The files under `folder` as keys that start with `prefix`, in the order an S3 listing has. */
export async function* walkKeys(folder: string, prefix: string): AsyncGenerator<string> {
  yield* walk(folder, '', prefix);
}

/** The same with sizes and times; a file that goes meanwhile is left out. */
export async function* walkEntries(folder: string, prefix: string): AsyncGenerator<ObjectEntry> {
  for await (const key of walkKeys(folder, prefix)) {
    const found = await statOrUndefined(join(folder, key));
    if (found === undefined) continue;
    yield { key, sizeBytes: Number(found.size), modifiedMs: Number(found.mtimeMs) };
  }
}

/** The files in a folder, counted. */
export async function measureFolder(folder: string): Promise<Leftovers> {
  const sum = { count: 0, sizeBytes: 0 };
  for await (const { sizeBytes } of walkEntries(folder, '')) {
    sum.count += 1;
    sum.sizeBytes += sizeBytes;
  }
  return sum;
}

async function* walk(root: string, parent: string, prefix: string): AsyncGenerator<string> {
  for (const name of await namesIn(root, parent)) {
    const key = `${parent}${name}`;
    if (!key.endsWith('/')) {
      if (key.startsWith(prefix)) yield key;
    } else if (key.startsWith(prefix) || prefix.startsWith(key)) {
      yield* walk(root, key, prefix);
    }
  }
}

/** Names in a folder, folders with a slash behind: sorted so, depth first gives the order of whole keys. */
async function namesIn(root: string, parent: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(join(root, parent), { withFileTypes: true });
    return entries
      .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
      .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw new StoreError(
      'STORE_UNAVAILABLE',
      `A folder of the store cannot be read (${codeOf(error) ?? 'unknown error'})`,
      { endpoint: root, key: parent },
      { cause: error },
    );
  }
}
