import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SourceError } from './errors.js';

export interface FileDigest {
  readonly name: string;
  readonly digest: string;
  readonly sizeBytes: number;
}

function explain(path: string, error: unknown): SourceError {
  const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  return missing
    ? new SourceError('SOURCE_MISSING', `there is no file ${path}; check the path in the run file`)
    : new SourceError('SOURCE_UNREADABLE', `${path} cannot be read; check its permissions`, {
        cause: error,
      });
}

/**
 * Streams a file and verifies at its end that it had the promised digest, so that a source that
 * changed between fingerprint and reading stops the step.
 * @throws SourceError SOURCE_MISSING, SOURCE_UNREADABLE, SOURCE_CHANGED
 */
export async function* openSource(path: string, digest: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) {
      hash.update(chunk as Buffer);
      yield chunk as Buffer;
    }
  } catch (error) {
    throw explain(path, error);
  }
  if (`sha256:${hash.digest('hex')}` !== digest) {
    throw new SourceError(
      'SOURCE_CHANGED',
      `${path} changed while the run was reading it; run again`,
    );
  }
}

/** @throws SourceError SOURCE_MISSING, SOURCE_UNREADABLE */
export async function fingerprintFile(name: string, path: string): Promise<FileDigest> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      hash.update(chunk as Buffer);
      sizeBytes += (chunk as Buffer).length;
    }
  } catch (error) {
    throw explain(path, error);
  }
  return { name, digest: `sha256:${hash.digest('hex')}`, sizeBytes };
}

/** Every file below a directory, by relative path in code point order; links are not followed. */
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
    throw explain(directory, error);
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
