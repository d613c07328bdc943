import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { explain } from './local-place.js';

export interface FileDigest {
  readonly name: string;
  readonly digest: string;
  readonly sizeBytes: number;
}

async function fingerprintFile(name: string, path: string): Promise<FileDigest> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      hash.update(chunk as Buffer);
      sizeBytes += (chunk as Buffer).length;
    }
  } catch (error) {
    throw explain(`file ${path}`, error);
  }
  return { name, digest: `sha256:${hash.digest('hex')}`, sizeBytes };
}

/**
 * Every file below a model's directory, by relative path; links are not followed.
 * @throws SourceError SOURCE_MISSING, SOURCE_UNREADABLE
 */
export async function fingerprintDirectory(directory: string): Promise<FileDigest[]> {
  const names = await filesBelow(directory, '');
  const digests: FileDigest[] = [];
  for (const name of names.sort()) digests.push(await fingerprintFile(name, join(directory, name)));
  return digests;
}

async function filesBelow(directory: string, prefix: string): Promise<string[]> {
  try {
    await stat(directory);
  } catch (error) {
    throw explain(`directory ${directory}`, error);
  }
  const entries = await readdir(join(directory, prefix), { withFileTypes: true });
  const nested = await Promise.all(
    entries.map(async (entry) => {
      const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(directory, name) : [name];
    }),
  );
  return nested.flat();
}
