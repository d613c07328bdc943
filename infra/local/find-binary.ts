import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { copyIntoCache, type FoundBinary, verifyCachedBinary } from './binary-cache.js';
import { missingServer, usableVersion } from './binary-version.js';
import { resolveCacheDir } from '../cache/index.js';
import type { Environment } from './data-dir.js';
import { LocalError } from './errors.js';
import { fetchIntoCache, withCacheLock } from './fetch-binary.js';
import { type ProgressListener, type Report, reporterFor } from './progress.js';
import { PINNED_SERVERS, type PinnedServer, type ServerName } from './versions.js';

export interface FindBinaryOptions {
  /** A path from configuration; the environment variable comes first. */
  readonly configuredPath?: string | undefined;
  readonly cacheDir?: string | undefined;
  readonly env?: Environment;
  /** Whether to download or build when nothing is there; default true. */
  readonly mayFetch?: boolean;
  readonly onProgress?: ProgressListener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds a server program: configured path, PATH, cache, then (Temporal) the SDK's download, then `go install`.
 * @throws LocalError `BINARY_MISSING`, `BINARY_UNUSABLE`, `BINARY_MISMATCH`, `BUILD_FAILED` or `CANCELLED`.
 */
export async function findBinary(
  name: ServerName,
  options: FindBinaryOptions = {},
): Promise<FoundBinary> {
  const server = PINNED_SERVERS[name];
  const report = reporterFor(name, options.onProgress);
  const env = options.env ?? process.env;
  const cacheDir = resolveCacheDir({ cacheDir: options.cacheDir, env });
  const found =
    (await fromConfiguration(server, env[server.environmentVariable] ?? options.configuredPath)) ??
    (await fromPath(server, env['PATH'] ?? '', report)) ??
    (await fromCache(server, cacheDir));
  if (found !== undefined) return found;
  if (options.mayFetch === false)
    throw missingServer(server, 'it is neither configured, on PATH nor in the cache');
  return fetchIntoCache(server, cacheDir, report, options.signal, () =>
    fromCache(server, cacheDir),
  );
}

/**
 * Copies a server program that you have into the cache, where every later start verifies it.
 * @throws LocalError `BINARY_UNUSABLE` or `BINARY_MISSING`.
 */
export async function adoptBinary(
  name: ServerName,
  path: string,
  options: { readonly cacheDir?: string | undefined } = {},
): Promise<FoundBinary> {
  const server = PINNED_SERVERS[name];
  const version = await usableVersion(server, path);
  const cacheDir = resolveCacheDir(options);
  const copy = (): Promise<string> => copyIntoCache(cacheDir, server, path);
  const cached = await withCacheLock(cacheDir, server, {}, copy);
  return { name, path: cached, version, source: 'adopted' };
}

async function fromConfiguration(
  server: PinnedServer,
  path: string | undefined,
): Promise<FoundBinary | undefined> {
  if (path === undefined || path === '') return undefined;
  const absolute = resolve(path);
  return {
    name: server.name,
    path: absolute,
    version: await usableVersion(server, absolute),
    source: 'configured',
  };
}

async function fromPath(
  server: PinnedServer,
  searchPath: string,
  report: Report,
): Promise<FoundBinary | undefined> {
  for (const folder of searchPath.split(delimiter).filter((entry) => entry !== '')) {
    const path = join(folder, server.name);
    if (!(await isExecutable(path))) continue;
    try {
      const version = await usableVersion(server, path);
      report(`found ${version} on PATH (${path})`);
      return { name: server.name, path, version, source: 'path' };
    } catch (error) {
      if (!(error instanceof LocalError)) throw error;
      report(`passing over ${path}: ${error.message}`);
    }
  }
  return undefined;
}

async function fromCache(server: PinnedServer, cacheDir: string): Promise<FoundBinary | undefined> {
  const cached = await verifyCachedBinary(cacheDir, server);
  if (cached === undefined) return undefined;
  const version = await usableVersion(server, cached.path);
  return { name: server.name, path: cached.path, version, source: cached.record.source };
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
