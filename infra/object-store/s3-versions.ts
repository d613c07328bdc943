import type { Leftovers, ObjectEntry } from './driver.js';
import type { StorePlace } from './errors.js';
import type { S3Connection } from './s3-connection.js';

interface ObjectVersion extends ObjectEntry {
  readonly versionId: string;
}

/** What the client's version listing gives; its type does not say so. */
interface Listed {
  readonly name?: string;
  readonly size?: number;
  readonly lastModified?: Date;
}

interface ListedVersion extends Listed {
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
    const listed = entry as ListedVersion;
    const { versionId, isDeleteMarker } = listed;
    const found = entryOf(listed);
    if (found === undefined || versionId === undefined || isDeleteMarker === true) continue;
    yield { ...found, versionId };
  }
}

/** Without a time an object counts as of now: nothing may take it for an old one. */
function entryOf({ name, size = 0, lastModified }: Listed): ObjectEntry | undefined {
  if (name === undefined) return undefined;
  return { key: name, sizeBytes: size, modifiedMs: (lastModified ?? new Date()).getTime() };
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
 * Objects under a prefix. A listing that breaks off goes on behind the last key it gave. In `evidence`
 * a delete marker hides nothing: the locked version behind it is still there.
 */
export async function* listEntries(
  connection: S3Connection,
  bucket: string,
  prefix: string,
  seeBehindMarkers: boolean,
): AsyncGenerator<ObjectEntry> {
  const place = { endpoint: connection.origin, bucket, key: prefix };
  for (let last = '', done = false; !done;) {
    const page = await connection.retrying(place, async () => {
      const found = seeBehindMarkers
        ? versionedEntries(connection, bucket, prefix, last)
        : plainEntries(connection, bucket, prefix, last);
      return takeSome(found);
    });
    yield* page.entries;
    last = page.entries.at(-1)?.key ?? last;
    done = page.done;
  }
}

const PAGE_KEYS = 5000;

async function takeSome(
  entries: AsyncGenerator<ObjectEntry>,
): Promise<{ readonly entries: readonly ObjectEntry[]; readonly done: boolean }> {
  const taken: ObjectEntry[] = [];
  for await (const entry of entries) {
    taken.push(entry);
    if (taken.length === PAGE_KEYS) return { entries: taken, done: false };
  }
  return { entries: taken, done: true };
}

async function* plainEntries(
  connection: S3Connection,
  bucket: string,
  prefix: string,
  after: string,
): AsyncGenerator<ObjectEntry> {
  for await (const entry of connection.client.listObjectsV2(bucket, prefix, true, after)) {
    const found = entryOf(entry as Listed);
    if (found !== undefined) yield found;
  }
}

async function* versionedEntries(
  connection: S3Connection,
  bucket: string,
  prefix: string,
  after: string,
): AsyncGenerator<ObjectEntry> {
  let last = after;
  for await (const { key, sizeBytes, modifiedMs } of listVersions(connection, bucket, prefix)) {
    if (key <= last) continue;
    last = key;
    yield { key, sizeBytes, modifiedMs };
  }
}

/** Multipart uploads that nobody completed. Custos makes none; another tool may. */
export async function measureUploads(
  connection: S3Connection,
  bucket: string,
  place: StorePlace,
): Promise<Leftovers> {
  return connection.retrying(place, async () => {
    const sum = { count: 0, sizeBytes: 0 };
    for await (const upload of connection.client.listIncompleteUploads(bucket, '', true)) {
      sum.count += 1;
      sum.sizeBytes += (upload as { readonly size?: number }).size ?? 0;
    }
    return sum;
  });
}
