import type { StorePlace } from './errors.js';
import type { S3Connection } from './s3-connection.js';

interface ObjectVersion {
  readonly key: string;
  readonly versionId: string;
}

/** What the client's version listing gives; its type does not say so. */
interface ListedVersion {
  readonly name?: string;
  readonly versionId?: string;
  readonly isDeleteMarker?: boolean;
}

/** Versions under a prefix, by key and newest first, without delete markers. */
async function* listVersions(
  connection: S3Connection,
  bucket: string,
  prefix: string,
): AsyncGenerator<ObjectVersion> {
  const found = connection.client.listObjects(bucket, prefix, true, { IncludeVersion: true });
  for await (const entry of found) {
    const { name, versionId, isDeleteMarker } = entry as ListedVersion;
    if (name === undefined || versionId === undefined || isDeleteMarker === true) continue;
    yield { key: name, versionId };
  }
}

/** The versions of one key. */
export async function versionsOf(
  connection: S3Connection,
  bucket: string,
  key: string,
  place: StorePlace,
): Promise<readonly ObjectVersion[]> {
  return connection.retrying(place, async () => {
    const versions: ObjectVersion[] = [];
    for await (const version of listVersions(connection, bucket, key)) {
      // The key itself comes first of all that start with it.
      if (version.key !== key) break;
      versions.push(version);
    }
    return versions;
  });
}

/**
 * Keys under a prefix. A listing that breaks off goes on behind the last key it gave. In `evidence`
 * a delete marker hides nothing: the locked version behind it is still there.
 */
export async function* listKeys(
  connection: S3Connection,
  bucket: string,
  prefix: string,
  seeBehindMarkers: boolean,
): AsyncGenerator<string> {
  const place = { endpoint: connection.origin, bucket, key: prefix };
  for (let last = '', done = false; !done;) {
    const page = await connection.retrying(place, async () => {
      const keys = seeBehindMarkers
        ? versionedKeys(connection, bucket, prefix, last)
        : plainKeys(connection, bucket, prefix, last);
      return takeSome(keys);
    });
    yield* page.keys;
    last = page.keys.at(-1) ?? last;
    done = page.done;
  }
}

const PAGE_KEYS = 5000;

async function takeSome(
  keys: AsyncGenerator<string>,
): Promise<{ readonly keys: readonly string[]; readonly done: boolean }> {
  const taken: string[] = [];
  for await (const key of keys) {
    taken.push(key);
    if (taken.length === PAGE_KEYS) return { keys: taken, done: false };
  }
  return { keys: taken, done: true };
}

async function* plainKeys(
  connection: S3Connection,
  bucket: string,
  prefix: string,
  after: string,
): AsyncGenerator<string> {
  for await (const entry of connection.client.listObjectsV2(bucket, prefix, true, after)) {
    const { name } = entry as { readonly name?: string };
    if (name !== undefined) yield name;
  }
}

async function* versionedKeys(
  connection: S3Connection,
  bucket: string,
  prefix: string,
  after: string,
): AsyncGenerator<string> {
  let last = after;
  for await (const { key } of listVersions(connection, bucket, prefix)) {
    if (key <= last) continue;
    last = key;
    yield key;
  }
}
