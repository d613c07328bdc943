import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, chmod, copyFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { readJson, writeJsonAtomic } from './atomic-file.js';
import { LocalError, systemErrorCode } from './errors.js';
import type { PinnedServer, ServerName } from './versions.js';

/** How a binary came into the cache. */
export type CacheSource = 'sdk-download' | 'go-install' | 'adopted';

/** A server program that may be started. */
export interface FoundBinary {
  readonly name: ServerName;
  readonly path: string;
  /** As the program prints it. */
  readonly version: string;
  readonly source: 'configured' | 'path' | CacheSource;
}

/** What the cache keeps beside each binary. */
export interface CacheRecord {
  readonly sha256: string;
  readonly source: CacheSource;
  /** RFC 3339 time of the entry. */
  readonly addedAt: string;
}

export function cachedBinaryPath(cacheDir: string, server: PinnedServer): string {
  return join(cacheDir, `${server.name}-${server.version}-${process.platform}-${process.arch}`);
}

/**
 * The cached binary after its SHA-256 was compared with the record, or undefined when the cache has none.
 * @throws LocalError `BINARY_MISMATCH` when the file is not the one that was put there.
 */
export async function verifyCachedBinary(
  cacheDir: string,
  server: PinnedServer,
): Promise<{ readonly path: string; readonly record: CacheRecord } | undefined> {
  const path = cachedBinaryPath(cacheDir, server);
  const record = await readRecord(recordPath(path));
  const sha256 = await hashFile(path);
  if (sha256 === undefined) return undefined;
  if (record?.sha256 !== sha256) {
    const found = record === undefined ? 'has no readable record' : 'is not the recorded file';
    throw new LocalError(
      'BINARY_MISMATCH',
      `The cached ${server.name} at ${path} ${found} (SHA-256 ${sha256}). It may have been changed or copied in by hand. ` +
        `Delete it and ${recordPath(path)}, then run "custos setup ${server.name}".`,
    );
  }
  return { path, record };
}

/** Moves a finished binary on the same file system into the cache: record first, then the file in one rename. */
export async function storeInCache(
  cacheDir: string,
  server: PinnedServer,
  file: string,
  source: CacheSource,
): Promise<string> {
  const path = cachedBinaryPath(cacheDir, server);
  await chmod(file, 0o700);
  const sha256 = await hashFile(file);
  if (sha256 === undefined) {
    throw new LocalError('BINARY_MISSING', `No ${server.name} at ${file} to put into the cache.`);
  }
  const record: CacheRecord = { sha256, source, addedAt: new Date().toISOString() };
  await rm(path, { force: true });
  await writeJsonAtomic(recordPath(path), record);
  await rename(file, path);
  return path;
}

/** Copies a foreign binary into the cache, whose lock the caller holds. */
export async function copyIntoCache(
  cacheDir: string,
  server: PinnedServer,
  source: string,
): Promise<string> {
  const copy = join(cacheDir, `.${server.name}.${randomBytes(6).toString('hex')}`);
  try {
    await copyFile(source, copy);
    return await storeInCache(cacheDir, server, copy, 'adopted');
  } catch (error) {
    await rm(copy, { force: true });
    if (error instanceof LocalError) throw error;
    throw new LocalError(
      'BINARY_MISSING',
      `Cannot copy ${source} into the cache ${cacheDir} (${systemErrorCode(error) ?? 'unknown error'}).`,
      { cause: error },
    );
  }
}

/** SHA-256 of a file in hexadecimal; undefined when there is none. */
async function hashFile(path: string): Promise<string | undefined> {
  try {
    await access(path);
  } catch {
    return undefined;
  }
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

function recordPath(path: string): string {
  return `${path}.json`;
}

async function readRecord(path: string): Promise<CacheRecord | undefined> {
  const file = await readJson(path);
  if (file.state !== 'read' || typeof file.value !== 'object' || file.value === null)
    return undefined;
  const { sha256, source, addedAt } = file.value as Partial<Record<keyof CacheRecord, unknown>>;
  if (typeof sha256 !== 'string' || typeof addedAt !== 'string') return undefined;
  if (source !== 'sdk-download' && source !== 'go-install' && source !== 'adopted')
    return undefined;
  return { sha256, source, addedAt };
}
