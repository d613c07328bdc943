import { text } from 'node:stream/consumers';
import { Client } from 'minio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SourceFile } from '../../domain/record/index.js';
import { openSourceStore, sourceS3Options } from '../../infra/sources/index.js';
import { findMinio, startTestMinio, type TestMinio } from '../support/minio.js';

const binary = await findMinio();

const drain = async (file: SourceFile | undefined): Promise<string> => {
  if (file === undefined) throw new Error('there is no file');
  return text(file.open());
};

describe.skipIf(binary === undefined)('sources in a bucket', () => {
  let minio: TestMinio;
  let client: Client;
  const environment = (change: Record<string, string> = {}) => ({
    CUSTOS_SOURCE_S3_ENDPOINT: minio.endpoint,
    CUSTOS_SOURCE_S3_ACCESS_KEY: minio.accessKey,
    CUSTOS_SOURCE_S3_SECRET_KEY: minio.secretKey,
    ...change,
  });
  const open = (change: Record<string, string> = {}) =>
    openSourceStore(sourceS3Options(environment(change)));

  beforeAll(async () => {
    minio = await startTestMinio(binary ?? '');
    client = new Client({
      endPoint: '127.0.0.1',
      port: minio.port,
      useSSL: false,
      accessKey: minio.accessKey,
      secretKey: minio.secretKey,
    });
    await client.makeBucket('exports');
    for (const name of ['2026/b.csv', '2026/a.csv', '2026/.x', '2026/q/é.jsonl', '2025/old.csv']) {
      await client.putObject('exports', name, `${name}\n`);
    }
  });

  afterAll(() => minio.stop());

  it('lists and reads the objects under a prefix', async () => {
    const store = open();
    const location = { path: 's3://exports/2026/' };
    const manifest = await store.fingerprint(location);
    expect(manifest.files.map(({ name }) => name)).toEqual(['a.csv', 'b.csv', 'q/é.jsonl']);
    const { files } = await store.open(location, manifest);
    expect(await drain(files[2])).toBe('2026/q/é.jsonl\n');
  });

  it('notices an object that changed', async () => {
    const store = open();
    const location = { path: 's3://exports/2025/old.csv' };
    const manifest = await store.fingerprint(location);
    await client.putObject('exports', '2025/old.csv', 'another');
    const { files } = await store.open(location, manifest);
    await expect(drain(files[0])).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
  });

  it('reads ranges of a Parquet object', async () => {
    const bytes = Buffer.alloc(2_500_000, 'PAR1 and so on ');
    await client.putObject('exports', 'p/x.parquet', bytes);
    const store = open();
    const location = { path: 's3://exports/p' };
    const { files } = await store.open(location, await store.fingerprint(location));
    const range = await files[0]?.readRange(1_048_570, 1_048_590);
    expect(Buffer.from(range ?? []).equals(bytes.subarray(1_048_570, 1_048_590))).toBe(true);
  });

  it.each<[string, string, Record<string, string>, string]>([
    ['an empty prefix', 's3://exports/2024/', {}, 'SOURCE_MISSING'],
    ['a missing bucket', 's3://nowhere/', {}, 'SOURCE_MISSING'],
    ['a wrong key', 's3://exports/', { CUSTOS_SOURCE_S3_SECRET_KEY: 'wrong' }, 'SOURCE_DENIED'],
    [
      'no server',
      's3://exports/',
      { CUSTOS_SOURCE_S3_ENDPOINT: 'http://127.0.0.1:1' },
      'SOURCE_UNAVAILABLE',
    ],
    ['no bucket name', 's3://', {}, 'SOURCE_MISSING'],
  ])('says what is wrong: %s', async (_, path, change, code) => {
    await expect(open(change).fingerprint({ path })).rejects.toMatchObject({ code });
  });
});
