import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BundleReader } from '../domain/evidence/index.js';
import { CliError } from './errors.js';

/** Makes a folder of mode 0700 that only its owner sees into. @throws CliError USAGE when not empty */
export async function makeEmptyFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw new CliError('USAGE', `${path} cannot be made; choose another folder`, { cause });
  });
  if ((await readdir(path)).length === 0) return;
  throw new CliError('USAGE', `${path} is not empty; choose a folder that does not exist yet`);
}

/** Writes files below a folder, mode 0600, never over one that is there. */
export function folderWriter(root: string): (path: string, bytes: Uint8Array) => Promise<void> {
  return async (path, bytes) => {
    const target = join(root, path);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await writeFile(target, bytes, { flag: 'wx', mode: 0o600 });
  };
}

async function filesBelow(root: string, below: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const entry of await readdir(join(root, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    // A link is listed as a file, so that a bundle cannot point out of its folder.
    if (entry.isDirectory()) paths.push(...(await filesBelow(root, path)));
    else paths.push(path);
  }
  return paths;
}

/** Reads a folder as a bundle; links are not followed. @throws CliError NOT_FOUND */
export async function folderReader(root: string): Promise<BundleReader> {
  const found = await lstat(root).catch(() => undefined);
  if (found?.isDirectory() !== true) {
    throw new CliError(
      'NOT_FOUND',
      `${root} is no folder; give the one that "evidence export" wrote`,
    );
  }
  return {
    listFiles: () => filesBelow(root, ''),
    readFile: async (path) => {
      const file = await open(join(root, path), constants.O_RDONLY | constants.O_NOFOLLOW);
      try {
        return await file.readFile();
      } finally {
        await file.close();
      }
    },
  };
}
