import type { FoundBinary } from './binary-cache.js';
import { type LocalConfig, saveConfig, type StoreKind } from './config.js';
import type { DataDirLayout, Environment } from './data-dir.js';
import { LocalError, type LocalErrorCode } from './errors.js';
import { findBinary } from './find-binary.js';
import { type ProgressListener, reporterFor } from './progress.js';
import type { ServerName } from './versions.js';

export interface PreparedServers {
  /** With the kind of store decided. */
  readonly config: LocalConfig;
  readonly temporal: FoundBinary;
  /** Absent when artifacts lie in plain files. */
  readonly minio?: FoundBinary;
}

export interface PrepareOptions {
  readonly store?: 'auto' | StoreKind;
  readonly cacheDir?: string | undefined;
  readonly env?: Environment;
  readonly onProgress?: ProgressListener | undefined;
  readonly signal?: AbortSignal | undefined;
}

// What lets the automatic choice fall back to files. A program that was changed or misconfigured is no such reason.
const UNAVAILABLE: readonly LocalErrorCode[] = ['BINARY_MISSING', 'BUILD_FAILED'];

/**
 * Finds, downloads or builds the server programs, both at the same time, and fixes the kind of store.
 * @throws LocalError `STORE_MISMATCH` when the directory keeps its artifacts in the other kind, or what findBinary throws.
 */
export async function prepareServers(
  layout: DataDirLayout,
  config: LocalConfig,
  options: PrepareOptions,
): Promise<PreparedServers> {
  const wanted = checkStore(layout, config.store, options.store);
  const find = (name: ServerName): Promise<FoundBinary> =>
    findBinary(name, {
      configuredPath: config.binaries[name],
      cacheDir: options.cacheDir,
      onProgress: options.onProgress,
      signal: options.signal,
      ...(options.env === undefined ? {} : { env: options.env }),
    });
  const findMinio = async (): Promise<FoundBinary | undefined> => {
    if (wanted === 'files') return undefined;
    try {
      return await find('minio');
    } catch (error) {
      const isUnavailable = error instanceof LocalError && UNAVAILABLE.includes(error.code);
      if (wanted === 's3' || !isUnavailable) throw error;
      const report = reporterFor('minio', options.onProgress);
      report(`${error.message} Artifacts go to plain files, which are not write-once.`);
      return undefined;
    }
  };
  // Both settle before an error leaves: a build must not go on behind a command that has failed.
  const [temporal, minio] = await Promise.allSettled([find('temporal'), findMinio()]);
  if (temporal.status === 'rejected') throw temporal.reason;
  if (minio.status === 'rejected') throw minio.reason;
  const decided = { ...config, store: minio.value === undefined ? 'files' : 's3' } as const;
  if (config.store === undefined) await saveConfig(layout, decided);
  return {
    config: decided,
    temporal: temporal.value,
    ...(minio.value === undefined ? {} : { minio: minio.value }),
  };
}

/** The kind of store that must be used, or `auto` when it is open. */
export function checkStore(
  layout: DataDirLayout,
  kept: StoreKind | undefined,
  wanted: 'auto' | StoreKind = 'auto',
): 'auto' | StoreKind {
  if (kept === undefined) return wanted;
  if (wanted === 'auto' || wanted === kept) return kept;
  throw new LocalError(
    'STORE_MISMATCH',
    `${layout.root} keeps its artifacts in store "${kept}", not "${wanted}". ` +
      `Leave out --store, or choose another directory with --data-dir.`,
  );
}
