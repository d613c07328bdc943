import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CacheSource,
  cachedBinaryPath,
  type FoundBinary,
  storeInCache,
} from './binary-cache.js';
import { missingServer, usableVersion } from './binary-version.js';
import { LocalError } from './errors.js';
import { type LockOptions, withFileLock } from './file-lock.js';
import { buildWithGo, findGo } from './go-build.js';
import type { Report } from './progress.js';
import { downloadThroughSdk } from './sdk-download.js';
import type { PinnedServer } from './versions.js';

const FETCH_WAIT_MS = 60 * 60_000;

/** Runs `work` as the only one that changes this server's place in the cache. */
export async function withCacheLock<T>(
  cacheDir: string,
  server: PinnedServer,
  options: Pick<LockOptions, 'signal' | 'onWait'>,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(cacheDir, { recursive: true, mode: 0o700 });
  const lock = { ...options, waitMs: FETCH_WAIT_MS, purpose: `put ${server.name} into the cache` };
  return withFileLock(`${cachedBinaryPath(cacheDir, server)}.lock`, lock, work);
}

/**
 * Downloads or builds a server into the cache. A second process waits for the first one's result instead of building
 * beside it, so `look` is asked once the lock is held.
 */
export async function fetchIntoCache(
  server: PinnedServer,
  cacheDir: string,
  report: Report,
  signal: AbortSignal | undefined,
  look: () => Promise<FoundBinary | undefined>,
): Promise<FoundBinary> {
  const lock = {
    signal,
    onWait: (pid: number) => {
      report(`process ${String(pid)} is fetching it already; waiting`);
    },
  };
  return withCacheLock(cacheDir, server, lock, async () => {
    const present = await look();
    if (present !== undefined) return present;
    const workDir = join(cacheDir, `.fetch-${server.name}`);
    // Left over from a fetch that was killed: the lock says that nobody uses it.
    await rm(workDir, { recursive: true, force: true });
    await mkdir(workDir, { mode: 0o700 });
    try {
      const fetched = await obtain(server, workDir, report, signal);
      const version = await usableVersion(server, fetched.file);
      const path = await storeInCache(cacheDir, server, fetched.file, fetched.source);
      report(`${version} is ready (${path})`);
      return { name: server.name, path, version, source: fetched.source };
    } finally {
      await rm(workDir, { recursive: true, force: true });
    }
  });
}

async function obtain(
  server: PinnedServer,
  workDir: string,
  report: Report,
  signal: AbortSignal | undefined,
): Promise<{ readonly file: string; readonly source: CacheSource }> {
  if (server.name === 'temporal') {
    try {
      const file = await downloadThroughSdk(server.version, join(workDir, 'sdk'), report, signal);
      return { file, source: 'sdk-download' };
    } catch (error) {
      if (!(error instanceof LocalError) || error.code !== 'DOWNLOAD_FAILED') throw error;
      report(error.message);
    }
  }
  const go = await findGo();
  if (go === undefined) throw missingServer(server, 'Go, which could build it, is not on PATH');
  report(`using ${go}`);
  return { file: await buildWithGo(server, workDir, report, signal), source: 'go-install' };
}
