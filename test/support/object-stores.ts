import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFileDriver, openS3Driver, type ObjectDriver } from '../../infra/object-store/index.js';
import type { S3Options } from '../../infra/object-store/index.js';
import { findMinio, startTestMinio, type TestMinio } from './minio.js';

/** A kind of store that the contract suites run against. */
export interface StoreUnderTest {
  readonly driver: ObjectDriver;
  /** Present for MinIO. */
  readonly minio?: TestMinio;
  close(): Promise<void>;
}

async function openFilesUnderTest(): Promise<StoreUnderTest> {
  const root = await mkdtemp(join(tmpdir(), 'custos-files-'));
  const driver = await openFileDriver({ root });
  return { driver, close: () => rm(root, { recursive: true, force: true }) };
}

async function openMinioUnderTest(binary: string): Promise<StoreUnderTest> {
  const minio = await startTestMinio(binary);
  const driver = await openS3Driver(s3OptionsOf(minio));
  return {
    driver,
    minio,
    async close() {
      await driver.close();
      await minio.stop();
    },
  };
}

/** The kinds of stores that a suite runs against; MinIO is skipped where there is none. */
export async function storesUnderTest() {
  const minio = await findMinio();
  return [
    { name: 'files', skip: false, open: openFilesUnderTest },
    { name: 'MinIO', skip: minio === undefined, open: () => openMinioUnderTest(minio ?? '') },
  ];
}

export function s3OptionsOf(minio: TestMinio, prefix = 'contract'): S3Options {
  return {
    endpoint: minio.endpoint,
    accessKey: minio.accessKey,
    secretKey: minio.secretKey,
    buckets: { evidence: `${prefix}-evidence`, data: `${prefix}-data` },
    retentionDays: 1,
  };
}

/** A key that no other test uses. */
export function freshKey(name = 'object'): string {
  return `${name}/${randomBytes(8).toString('hex')}`;
}

export async function toArray<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
