import {
  checkKey,
  type Bucket,
  type Leftovers,
  type ObjectBody,
  type ObjectDriver,
  type ObjectEntry,
  type ObjectPart,
  type ObjectStat,
  type StoredObject,
} from './driver.js';
import { codeOf, StoreError } from './errors.js';
import { prepareBuckets } from './s3-buckets.js';
import { connectS3, type S3Connection, type S3Options } from './s3-connection.js';
import {
  askObject,
  etagOf,
  freshenObject,
  modifiedOf,
  putObject,
  statOf,
  type S3Place,
} from './s3-objects.js';
import { readBody } from './s3-request.js';
import { listEntries, measureUploads, versionsOf } from './s3-versions.js';

const DAY_MS = 86_400_000;

/**
 * MinIO, or another S3 with object lock and conditional writes. Makes the buckets where missing.
 * `putObject` of the client is not used: it turns lock and checksum headers into user metadata.
 * @throws StoreError STORE_NOT_LOCKED, STORE_INVALID, STORE_DENIED, STORE_UNAVAILABLE
 */
export async function openS3Driver(options: S3Options): Promise<ObjectDriver> {
  if (!(options.retentionDays > 0)) {
    throw new StoreError('STORE_INVALID', 'The retention of evidence is a number of days above 0');
  }
  const connection = connectS3(options);
  try {
    await prepareBuckets(connection, options.buckets);
    return new S3Driver(connection, options);
  } catch (error) {
    connection.close();
    throw error;
  }
}

class S3Driver implements ObjectDriver {
  readonly writeOnce = true;
  readonly label: string;

  constructor(
    private readonly connection: S3Connection,
    private readonly options: S3Options,
  ) {
    this.label = connection.origin;
  }

  async putIfAbsent(bucket: Bucket, key: string, body: ObjectBody): Promise<string | undefined> {
    // A delete marker makes a key look free; the locked version behind it is still the object.
    if (bucket === 'evidence' && (await this.stat(bucket, key)) !== undefined) return undefined;
    const place = this.place(bucket, key);
    return putObject(this.connection, place, body, { 'if-none-match': '*' }, this.lock(bucket));
  }

  async putIfMatch(
    bucket: Bucket,
    key: string,
    body: ObjectBody,
    etag: string,
  ): Promise<string | undefined> {
    const place = this.place(bucket, key);
    const condition = { 'if-match': `"${etag}"` };
    return putObject(this.connection, place, body, condition, this.lock(bucket));
  }

  async get(bucket: Bucket, key: string): Promise<StoredObject | undefined> {
    return askObject(
      this.connection,
      this.place(bucket, key),
      { method: 'GET' },
      async (response) => ({
        bytes: await readBody(response),
        etag: etagOf(response.headers),
        modifiedMs: modifiedOf(response.headers),
      }),
    );
  }

  async getRange(
    bucket: Bucket,
    key: string,
    offset: number,
    length: number,
  ): Promise<ObjectPart | undefined> {
    const range = `bytes=${String(offset)}-${String(offset + Math.max(1, length) - 1)}`;
    const part = await askObject(
      this.connection,
      this.place(bucket, key),
      { method: 'GET', headers: { range } },
      async (response) => {
        const bytes = await readBody(response);
        if (response.statusCode === 416) return 'beyond';
        const total = response.headers['content-range']?.split('/')[1];
        return {
          bytes: bytes.subarray(0, length),
          etag: etagOf(response.headers),
          modifiedMs: modifiedOf(response.headers),
          totalBytes: total === undefined ? bytes.length : Number(total),
        };
      },
    );
    if (part !== 'beyond') return part;
    const found = await this.stat(bucket, key);
    return (
      found && {
        bytes: Buffer.alloc(0),
        etag: found.etag,
        modifiedMs: found.modifiedMs,
        totalBytes: found.sizeBytes,
      }
    );
  }

  async stat(bucket: Bucket, key: string): Promise<ObjectStat | undefined> {
    return askObject(this.connection, this.place(bucket, key), { method: 'HEAD' }, (response) => {
      response.resume();
      return Promise.resolve(statOf(response.headers));
    });
  }

  async *list(bucket: Bucket, prefix: string): AsyncGenerator<string> {
    for await (const { key } of this.entries(bucket, prefix)) yield key;
  }

  entries(bucket: Bucket, prefix: string): AsyncIterable<ObjectEntry> {
    const name = this.options.buckets[bucket];
    return listEntries(this.connection, name, prefix, bucket === 'evidence');
  }

  freshen(key: string): Promise<boolean> {
    return freshenObject(this.connection, this.place('data', key));
  }

  async leftovers(): Promise<Leftovers> {
    const sum = { count: 0, sizeBytes: 0 };
    for (const bucket of Object.values(this.options.buckets)) {
      const place = { endpoint: this.connection.origin, bucket };
      const found = await measureUploads(this.connection, bucket, place);
      sum.count += found.count;
      sum.sizeBytes += found.sizeBytes;
    }
    return sum;
  }

  async remove(bucket: Bucket, key: string): Promise<void> {
    const place = this.place(bucket, key);
    const { client } = this.connection;
    if (bucket === 'data') {
      await this.connection.retrying(place, () => client.removeObject(place.bucket, key));
      return;
    }
    // Without a version this would only hide the object behind a marker, and report success.
    for (const { versionId } of await versionsOf(this.connection, place.bucket, key, place)) {
      await this.connection.retrying(place, async () => {
        try {
          await client.removeObject(place.bucket, key, { versionId });
        } catch (error) {
          const locked = isRefusal(error) && (await this.isLocked(bucket, key));
          throw locked ? writeOnce(place, error) : error;
        }
      });
    }
  }

  private async isLocked(bucket: Bucket, key: string): Promise<boolean> {
    const found = await this.stat(bucket, key);
    return found?.retention !== undefined && found.retention.retainUntil.getTime() > Date.now();
  }

  close(): Promise<void> {
    this.connection.close();
    return Promise.resolve();
  }

  private place(bucket: Bucket, key: string): S3Place {
    checkKey(bucket, key);
    return { endpoint: this.connection.origin, bucket: this.options.buckets[bucket], key };
  }

  private lock(bucket: Bucket): Readonly<Record<string, string>> {
    if (bucket === 'data') return {};
    const until = new Date(Date.now() + this.options.retentionDays * DAY_MS);
    return {
      'x-amz-object-lock-mode': this.options.lockMode ?? 'COMPLIANCE',
      'x-amz-object-lock-retain-until-date': until.toISOString(),
    };
  }
}

/** What MinIO (the first) and others answer about a locked version. */
function isRefusal(error: unknown): boolean {
  return ['InvalidRequest', 'AccessDenied', 'ObjectLocked'].includes(codeOf(error) ?? '');
}

function writeOnce(place: S3Place, cause: unknown): StoreError {
  return new StoreError(
    'STORE_WRITE_ONCE',
    'The store refuses to delete this object: it is locked',
    place,
    { cause },
  );
}
