import { randomBytes } from 'node:crypto';
import { Client } from 'minio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openS3Driver, type ObjectDriver } from '../../infra/object-store/index.js';
import { startLossyProxy } from '../support/lossy-proxy.js';
import { findMinio, startTestMinio, type TestMinio } from '../support/minio.js';
import { startStoreProxy, type StoreFault } from '../support/store-proxy.js';
import { freshKey, s3OptionsOf, toArray } from '../support/object-stores.js';

const binary = await findMinio();
const bucket = 'contract-evidence';

describe.skipIf(binary === undefined)('MinIO: locks and faults', () => {
  let minio: TestMinio;
  let driver: ObjectDriver;
  let client: Client;
  beforeAll(async () => {
    minio = await startTestMinio(binary ?? '');
    driver = await openS3Driver(s3OptionsOf(minio));
    const { port, accessKey, secretKey } = minio;
    client = new Client({ endPoint: '127.0.0.1', port, useSSL: false, accessKey, secretKey });
  });
  afterAll(async () => {
    await driver.close();
    await minio.stop();
  });

  test('locks evidence against deletion, shortening and bypass, also for the root user', async () => {
    const key = freshKey('locked');
    await driver.putIfAbsent('evidence', key, Buffer.from('kept'));
    const { retention } = (await driver.stat('evidence', key)) ?? {};
    expect(retention?.mode).toBe('COMPLIANCE');
    expect(retention?.retainUntil.getTime()).toBeGreaterThan(Date.now() + 23 * 3_600_000);
    await expect(driver.remove('evidence', key)).rejects.toMatchObject({
      code: 'STORE_WRITE_ONCE',
    });
    const versionId = (await client.statObject(bucket, key)).versionId ?? '';
    const removal = client.removeObject(bucket, key, { versionId, governanceBypass: true });
    await expect(removal).rejects.toThrow();
    const shorter = new Date(Date.now() + 60_000).toISOString();
    const shortening = client.putObjectRetention(bucket, key, {
      mode: 'COMPLIANCE' as never,
      retainUntilDate: shorter,
      versionId,
      governanceBypass: true,
    });
    await expect(shortening).rejects.toThrow();
    expect((await driver.get('evidence', key))?.bytes.toString()).toBe('kept');
    expect((await driver.stat('data', key))?.retention).toBeUndefined();
  });

  test('sees evidence behind a delete marker, and does not take its key for free', async () => {
    const key = freshKey('hidden');
    await driver.putIfAbsent('evidence', key, Buffer.from('kept'));
    await client.removeObject(bucket, key);
    await expect(client.statObject(bucket, key)).rejects.toThrow();
    expect((await driver.get('evidence', key))?.bytes.toString()).toBe('kept');
    expect((await driver.getRange('evidence', key, 1, 2))?.bytes.toString()).toBe('ep');
    expect(await toArray(driver.list('evidence', key))).toEqual([key]);
    expect(await driver.putIfAbsent('evidence', key, Buffer.from('other'))).toBeUndefined();
  });

  test('refuses an evidence bucket without lock and a data bucket with versions', async () => {
    await client.makeBucket('plain-evidence', 'us-east-1');
    await expect(openS3Driver(s3OptionsOf(minio, 'plain'))).rejects.toMatchObject({
      code: 'STORE_NOT_LOCKED',
      bucket: 'plain-evidence',
    });
    await client.makeBucket('old-data', 'us-east-1');
    await client.setBucketVersioning('old-data', { Status: 'Enabled' });
    await expect(openS3Driver(s3OptionsOf(minio, 'old'))).rejects.toMatchObject({
      code: 'STORE_INVALID',
      bucket: 'old-data',
    });
  });

  test.each([
    ['a wrong secret', { secretKey: 'not-the-secret' }, 'STORE_DENIED'],
    ['an endpoint that is no URL', { endpoint: 'minio:9000' }, 'STORE_INVALID'],
    ['a bucket name of one letter', { buckets: { evidence: 'e', data: 'd' } }, 'STORE_INVALID'],
    ['one bucket for both', { buckets: { evidence: 'same', data: 'same' } }, 'STORE_INVALID'],
    ['no retention', { retentionDays: 0 }, 'STORE_INVALID'],
    [
      'a closed port',
      { endpoint: 'http://127.0.0.1:1', retry: { attempts: 2, firstDelayMs: 1 } },
      'STORE_UNAVAILABLE',
    ],
  ] as const)('refuses to open with %s', async (_name, change, code) => {
    await expect(openS3Driver({ ...s3OptionsOf(minio), ...change })).rejects.toMatchObject({
      code,
    });
  });

  test('knows its own object when the answer to a put was lost', async () => {
    const proxy = await startLossyProxy(minio.port);
    const proxied = await openS3Driver({ ...s3OptionsOf(minio), endpoint: proxy.endpoint });
    try {
      const key = freshKey('lost');
      proxy.loseAnswers(2);
      const etag = await proxied.putIfAbsent('data', key, Buffer.from('mine'));
      expect(etag).toBeDefined();
      proxy.loseAnswers(1);
      const next = await proxied.putIfMatch('data', key, Buffer.from('mine too'), etag ?? '');
      expect(next).toBeDefined();
      expect((await driver.get('data', key))?.etag).toBe(next);
      proxy.loseAnswers(1);
      expect(await proxied.putIfAbsent('data', key, Buffer.from('mine too'))).toBeUndefined();
    } finally {
      await proxied.close();
      await proxy.close();
    }
  });

  test.each<[StoreFault, string]>([
    ['down', 'STORE_UNAVAILABLE'],
    ['error', 'STORE_UNAVAILABLE'],
    ['full', 'STORE_FULL'],
  ])('says what is the matter when the store is %s, and goes on after it', async (fault, code) => {
    const proxy = await startStoreProxy(minio.port);
    const retry = { attempts: 2, firstDelayMs: 10 };
    const proxied = await openS3Driver({ ...s3OptionsOf(minio), endpoint: proxy.endpoint, retry });
    try {
      const key = freshKey('fault');
      await proxy.fail(fault);
      await expect(proxied.putIfAbsent('data', key, Buffer.from('mine'))).rejects.toMatchObject({
        code,
      });
      await proxy.fail(undefined);
      expect(await proxied.putIfAbsent('data', key, Buffer.from('mine'))).toBeDefined();
      expect((await proxied.get('data', key))?.bytes.toString()).toBe('mine');
    } finally {
      await proxied.close();
      await proxy.close();
    }
  });

  test('reads on when a connection is cut in the middle of an answer or a listing', async () => {
    const proxy = await startLossyProxy(minio.port);
    const proxied = await openS3Driver({ ...s3OptionsOf(minio), endpoint: proxy.endpoint });
    try {
      const key = freshKey('cut');
      const bytes = randomBytes(3_000_000);
      await driver.putIfAbsent('data', key, bytes);
      proxy.loseAnswers(1);
      expect((await proxied.get('data', key))?.bytes.equals(bytes)).toBe(true);
      proxy.loseAnswers(1);
      expect(await toArray(proxied.list('data', key))).toEqual([key]);
      proxy.loseAnswers(1);
      expect(await toArray(proxied.list('evidence', 'no-such-prefix'))).toEqual([]);
    } finally {
      await proxied.close();
      await proxy.close();
    }
  });

  test('gives up on a server that is silent, and never says what it was to store', async () => {
    const retry = { attempts: 2, firstDelayMs: 1 };
    const options = { ...s3OptionsOf(minio), idleTimeoutMs: 300, retry };
    const impatient = await openS3Driver(options);
    await minio.signal('SIGSTOP');
    try {
      const put = impatient.putIfAbsent('data', 'silent/x', Buffer.from('Jane Doe, 1970-01-01'));
      const error = await put.catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        code: 'STORE_UNAVAILABLE',
        endpoint: minio.endpoint,
        bucket: 'contract-data',
        key: 'silent/x',
      });
      expect(JSON.stringify(error) + String(error)).not.toContain('Jane');
    } finally {
      await minio.signal('SIGCONT');
      await impatient.close();
    }
  });

  test('loses no acknowledged object to kill -9 in the middle of puts', async () => {
    const acknowledged = new Map<string, Buffer>();
    let stop = false;
    const patient = await openS3Driver({
      ...s3OptionsOf(minio),
      retry: { attempts: 12, firstDelayMs: 50 },
    });
    const writer = async (lane: number): Promise<void> => {
      for (let n = 0; !stop; n += 1) {
        const key = `killed/${String(lane)}/${String(n)}`;
        const body = randomBytes(4096 + n * 31);
        // A key that is fresh for this writer alone can only be its own: "taken" would be a lost object.
        expect(await patient.putIfAbsent('data', key, body)).toBeDefined();
        acknowledged.set(key, body);
      }
    };
    const writers = Array.from({ length: 8 }, (_, lane) => writer(lane));
    for (let round = 1; round <= 2; round += 1) {
      await expect.poll(() => acknowledged.size, { timeout: 30_000 }).toBeGreaterThan(round * 60);
      await minio.signal('SIGKILL');
      await minio.restart();
    }
    const before = acknowledged.size;
    await expect.poll(() => acknowledged.size, { timeout: 30_000 }).toBeGreaterThan(before + 20);
    stop = true;
    await Promise.all(writers);
    for (const [key, body] of acknowledged) {
      expect((await driver.get('data', key))?.bytes.equals(body), key).toBe(true);
    }
    await patient.close();
  }, 120_000);
});
