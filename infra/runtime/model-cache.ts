import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestJson, hexOf, sha256 } from '../../domain/lineage/index.js';
import type { ArtifactRef } from '../../schemas/index.js';

interface NamedRef {
  readonly name: string;
  readonly ref: ArtifactRef;
}

async function isIntact(directory: string, files: readonly NamedRef[]): Promise<boolean> {
  for (const { name, ref } of files) {
    const bytes = await readFile(join(directory, name)).catch(() => undefined);
    if (bytes === undefined || sha256(bytes) !== ref.digest) return false;
  }
  return true;
}

/**
 * A local directory of model files by their digests, since native runtimes read paths. What is
 * there already is verified before it is used; a half-written directory is never under its name.
 */
export function createModelCache(root: string) {
  return async (
    files: readonly NamedRef[],
    read: (ref: ArtifactRef) => Promise<Uint8Array>,
  ): Promise<string> => {
    const identity = files.map(({ name, ref }) => ({ name, digest: ref.digest }));
    const directory = join(root, hexOf(digestJson(identity)));
    if (await isIntact(directory, files)) return directory;
    const salt = createHash('sha256').update(
      `${String(process.pid)}${String(process.hrtime.bigint())}`,
    );
    const part = `${directory}.${salt.digest('hex').slice(0, 8)}`;
    await mkdir(part, { recursive: true, mode: 0o700 });
    for (const { name, ref } of files) {
      const path = join(part, name);
      await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
      await writeFile(path, await read(ref), { mode: 0o600 });
    }
    await rm(directory, { recursive: true, force: true });
    await rename(part, directory).catch(async (error: unknown) => {
      // Another worker may have been faster with the same files.
      if (!(await isIntact(directory, files))) throw error;
      await rm(part, { recursive: true, force: true });
    });
    return directory;
  };
}
