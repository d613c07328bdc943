import { randomBytes } from 'node:crypto';
import { readJson, writeJsonAtomic } from './atomic-file.js';
import type { DataDirLayout } from './data-dir.js';
import { LocalError } from './errors.js';

export type StoreKind = 's3' | 'files';

/** What a data directory keeps between runs, credentials included: config.json, mode 0600. */
export interface LocalConfig {
  readonly version: 1;
  /** Set by the first start and then fixed, because the artifacts lie there. */
  readonly store?: StoreKind;
  /** Used again when free. */
  readonly ports: Readonly<Partial<Record<PortName, number>>>;
  readonly s3: {
    readonly accessKey: string;
    readonly secretKey: string;
    /** MINIO_KMS_SECRET_KEY: `name:<base64 of 32 bytes>`. */
    readonly kmsKey: string;
  };
  readonly buckets: { readonly data: string; readonly evidence: string };
  /** Server programs to use; the environment variables come first. */
  readonly binaries: { readonly temporal?: string; readonly minio?: string };
}

export type PortName = 'temporal' | 'temporalHttp' | 'temporalMetrics' | 'temporalUi' | 's3';

/**
 * Reads config.json, or writes one with fresh random credentials.
 * @throws LocalError `CONFIG_CORRUPT`: it holds the key of stored objects, so it is never replaced on its own.
 */
export async function loadOrCreateConfig(layout: DataDirLayout): Promise<LocalConfig> {
  const existing = await readConfig(layout);
  if (existing !== undefined) return existing;
  const fresh = freshConfig();
  await saveConfig(layout, fresh);
  return fresh;
}

/** Reads config.json; undefined when there is none. */
export async function readConfig(layout: DataDirLayout): Promise<LocalConfig | undefined> {
  const file = await readJson(layout.configFile);
  if (file.state === 'absent') return undefined;
  if (file.state === 'read' && isLocalConfig(file.value)) return file.value;
  throw new LocalError(
    'CONFIG_CORRUPT',
    `${layout.configFile} is damaged. It holds the object store's credentials and key: restore it from a backup, ` +
      'or start with an empty data directory (--data-dir).',
  );
}

export async function saveConfig(layout: DataDirLayout, config: LocalConfig): Promise<void> {
  await writeJsonAtomic(layout.configFile, config);
}

function freshConfig(): LocalConfig {
  return {
    version: 1,
    ports: {},
    s3: {
      accessKey: `custos${randomBytes(10).toString('hex')}`,
      secretKey: randomBytes(30).toString('base64url'),
      kmsKey: `custos:${randomBytes(32).toString('base64')}`,
    },
    buckets: { data: 'custos-data', evidence: 'custos-evidence' },
    binaries: {},
  };
}

function isLocalConfig(value: unknown): value is LocalConfig {
  if (!isRecord(value) || value['version'] !== 1) return false;
  const { store, ports, s3, buckets, binaries } = value;
  return (
    (store === undefined || store === 's3' || store === 'files') &&
    isRecord(ports) &&
    Object.values(ports).every((port) => Number.isSafeInteger(port)) &&
    hasStrings(s3, ['accessKey', 'secretKey', 'kmsKey']) &&
    hasStrings(buckets, ['data', 'evidence']) &&
    isRecord(binaries) &&
    Object.values(binaries).every((path) => typeof path === 'string')
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasStrings(value: unknown, names: readonly string[]): boolean {
  return (
    isRecord(value) && names.every((name) => typeof value[name] === 'string' && value[name] !== '')
  );
}
