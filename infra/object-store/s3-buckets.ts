import { codeOf, StoreError } from './errors.js';
import { connectS3, type S3Connection, type S3Options } from './s3-connection.js';

/**
 * Creates the two buckets where they are missing and checks what they promise: a bucket's lock can
 * only be had at its creation, so one that was made by hand is found out here and not at an audit.
 * @throws StoreError STORE_NOT_LOCKED, STORE_INVALID
 */
export async function prepareBuckets(
  connection: S3Connection,
  buckets: S3Options['buckets'],
): Promise<void> {
  checkNames(buckets);
  await ensureBucket(connection, buckets.evidence, true);
  await ensureBucket(connection, buckets.data, false);
  if (!(await isLocked(connection, buckets.evidence))) {
    throw new StoreError(
      'STORE_NOT_LOCKED',
      'The evidence bucket has no object lock, and none can be added later; choose another name for it',
      { endpoint: connection.origin, bucket: buckets.evidence },
    );
  }
  const versioned =
    (await isLocked(connection, buckets.data)) || (await isVersioned(connection, buckets.data));
  if (versioned) {
    throw new StoreError(
      'STORE_INVALID',
      'The data bucket keeps old versions, so that nothing in it could be erased; choose another name for it',
      { endpoint: connection.origin, bucket: buckets.data },
    );
  }
}

/** What a bucket promises now. */
export interface BucketState {
  readonly name: string;
  readonly exists: boolean;
  readonly locked: boolean;
  /** Keeps, or kept, old versions. */
  readonly versioned: boolean;
}

/**
 * Looks at both buckets and makes none.
 * @throws StoreError STORE_DENIED, STORE_UNAVAILABLE
 */
export async function inspectBuckets(
  options: Pick<S3Options, 'endpoint' | 'accessKey' | 'secretKey' | 'region' | 'ca' | 'buckets'>,
): Promise<{ readonly evidence: BucketState; readonly data: BucketState }> {
  const connection = connectS3({
    ...options,
    retentionDays: 1,
    retry: { attempts: 2, firstDelayMs: 100 },
    idleTimeoutMs: 10_000,
  });
  const inspect = async (name: string): Promise<BucketState> => {
    const place = { endpoint: connection.origin, bucket: name };
    const exists = await connection.retrying(place, () => connection.client.bucketExists(name));
    if (!exists) return { name, exists, locked: false, versioned: false };
    const [locked, versioned] = [
      await isLocked(connection, name),
      await isVersioned(connection, name),
    ];
    return { name, exists, locked, versioned };
  };
  try {
    const { evidence, data } = options.buckets;
    return { evidence: await inspect(evidence), data: await inspect(data) };
  } finally {
    connection.close();
  }
}

function checkNames({ evidence, data }: S3Options['buckets']): void {
  const valid = [evidence, data].every((name) => /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(name));
  if (valid && evidence !== data) return;
  throw new StoreError(
    'STORE_INVALID',
    'The buckets are two different names of 3 to 63 lower-case letters, digits and hyphens',
  );
}

async function ensureBucket(
  connection: S3Connection,
  bucket: string,
  locked: boolean,
): Promise<void> {
  const { client, region, origin } = connection;
  await connection.retrying({ endpoint: origin, bucket }, async () => {
    if (await client.bucketExists(bucket)) return;
    try {
      await client.makeBucket(bucket, region, { ObjectLocking: locked });
    } catch (error) {
      if (codeOf(error) !== 'BucketAlreadyOwnedByYou') throw error;
    }
  });
}

interface LockConfiguration {
  getObjectLockConfig(bucket: string): Promise<{ readonly objectLockEnabled?: string }>;
}

async function isLocked(connection: S3Connection, bucket: string): Promise<boolean> {
  // The last of the client's overloads is the one that is called here; the checker takes another.
  const client = connection.client as unknown as LockConfiguration;
  return connection.retrying({ endpoint: connection.origin, bucket }, async () => {
    try {
      const found = await client.getObjectLockConfig(bucket);
      return found.objectLockEnabled === 'Enabled';
    } catch (error) {
      if (codeOf(error) === 'ObjectLockConfigurationNotFoundError') return false;
      throw error;
    }
  });
}

async function isVersioned(connection: S3Connection, bucket: string): Promise<boolean> {
  return connection.retrying({ endpoint: connection.origin, bucket }, async () => {
    const found: unknown = await connection.client.getBucketVersioning(bucket);
    return typeof found === 'object' && found !== null && 'Status' in found && found.Status !== '';
  });
}
