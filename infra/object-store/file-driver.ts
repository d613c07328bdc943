import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { rm, stat, unlink, utimes, type FileHandle } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import {
  checkedPieces,
  checkKey,
  isStreamBody,
  piecesOf,
  type Bucket,
  type Leftovers,
  type ObjectBody,
  type ObjectDriver,
  type ObjectEntry,
  type ObjectPart,
  type ObjectStat,
  type StoredObject,
} from './driver.js';
import {
  makeFolder,
  publishIfAbsent,
  publishOver,
  syncDirectory,
  writeTemporary,
} from './durable-file.js';
import { etagOf, openOrUndefined, statOrUndefined, sweep } from './file-access.js';
import { guardFiles } from './file-faults.js';
import { measureFolder, walkEntries, walkKeys } from './file-walk.js';
import { withFileMutex } from './file-mutex.js';

/**
 * An object store in a folder: the key layout of the S3 driver, every put flushed to disk and
 * published by an exclusive link. It is **not write-once**: whoever may write the folder may delete
 * evidence. One machine only.
 */
export async function openFileDriver(options: { readonly root: string }): Promise<ObjectDriver> {
  const root = resolve(options.root);
  const place: StorePlaceOf = (bucket, key) => ({ endpoint: root, bucket, key });
  await guardFiles(place('data', ''), async () => {
    for (const folder of ['evidence', 'data', '.tmp', '.locks'])
      await makeFolder(join(root, folder));
    await sweep(join(root, '.tmp'));
  });
  return new FileDriver(root, place);
}

type StorePlaceOf = (
  bucket: Bucket,
  key: string,
) => { readonly endpoint: string; readonly bucket: Bucket; readonly key: string };

class FileDriver implements ObjectDriver {
  readonly writeOnce = false;
  readonly label: string;

  constructor(
    private readonly root: string,
    private readonly place: StorePlaceOf,
  ) {
    this.label = `${root} (files, not write-once)`;
  }

  putIfAbsent(bucket: Bucket, key: string, body: ObjectBody): Promise<string | undefined> {
    return this.at(bucket, key, async (path) => {
      if ((await statOrUndefined(path)) !== undefined) return undefined;
      const temporary = await this.write(bucket, key, body);
      const etag = etagOf(await stat(temporary, { bigint: true }));
      await makeFolder(dirname(path));
      return (await publishIfAbsent(temporary, path)) ? etag : undefined;
    });
  }

  putIfMatch(
    bucket: Bucket,
    key: string,
    body: ObjectBody,
    etag: string,
  ): Promise<string | undefined> {
    return this.at(bucket, key, async (path) => {
      const temporary = await this.write(bucket, key, body);
      const fresh = etagOf(await stat(temporary, { bigint: true }));
      return this.locked(bucket, key, async () => {
        const found = await statOrUndefined(path);
        if (found === undefined || etagOf(found) !== etag) {
          await rm(temporary, { force: true });
          return undefined;
        }
        await publishOver(temporary, path);
        return fresh;
      });
    });
  }

  get(bucket: Bucket, key: string): Promise<StoredObject | undefined> {
    return this.reading(bucket, key, async (file, stats) => ({
      bytes: await file.readFile(),
      etag: etagOf(stats),
      modifiedMs: Number(stats.mtimeMs),
    }));
  }

  getRange(
    bucket: Bucket,
    key: string,
    offset: number,
    length: number,
  ): Promise<ObjectPart | undefined> {
    return this.reading(bucket, key, async (file, stats) => {
      const totalBytes = Number(stats.size);
      const bytes = Buffer.alloc(Math.max(0, Math.min(length, totalBytes - offset)));
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await file.read(
          bytes,
          filled,
          bytes.length - filled,
          offset + filled,
        );
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return {
        bytes: bytes.subarray(0, filled),
        etag: etagOf(stats),
        modifiedMs: Number(stats.mtimeMs),
        totalBytes,
      };
    });
  }

  stat(bucket: Bucket, key: string): Promise<ObjectStat | undefined> {
    return this.at(bucket, key, async (path) => {
      const found = await statOrUndefined(path);
      return (
        found && {
          sizeBytes: Number(found.size),
          etag: etagOf(found),
          modifiedMs: Number(found.mtimeMs),
        }
      );
    });
  }

  list(bucket: Bucket, prefix: string): AsyncIterable<string> {
    return walkKeys(join(this.root, bucket), prefix);
  }

  entries(bucket: Bucket, prefix: string): AsyncIterable<ObjectEntry> {
    return walkEntries(join(this.root, bucket), prefix);
  }

  freshen(key: string): Promise<boolean> {
    return this.at('data', key, (path) =>
      this.locked('data', key, async () => {
        if ((await statOrUndefined(path)) === undefined) return false;
        const now = new Date();
        await utimes(path, now, now);
        return true;
      }),
    );
  }

  leftovers(): Promise<Leftovers> {
    return measureFolder(join(this.root, '.tmp'));
  }

  remove(bucket: Bucket, key: string): Promise<void> {
    return this.at(bucket, key, (path) =>
      this.locked(bucket, key, async () => {
        if ((await statOrUndefined(path)) === undefined) return;
        await unlink(path);
        await syncDirectory(dirname(path));
      }),
    );
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private write(bucket: Bucket, key: string, body: ObjectBody): Promise<string> {
    const pieces = isStreamBody(body)
      ? checkedPieces(body, this.place(bucket, key))
      : piecesOf(body);
    return writeTemporary(join(this.root, '.tmp'), pieces);
  }

  private locked<T>(bucket: Bucket, key: string, body: () => Promise<T>): Promise<T> {
    const name = createHash('sha256').update(`${bucket}/${key}`).digest('hex').slice(0, 32);
    return withFileMutex(join(this.root, '.locks', name), body);
  }

  private reading<T>(
    bucket: Bucket,
    key: string,
    body: (file: FileHandle, stats: BigIntStats) => Promise<T>,
  ): Promise<T | undefined> {
    return this.at(bucket, key, async (path) => {
      const file = await openOrUndefined(path);
      if (file === undefined) return undefined;
      try {
        const stats = await file.stat({ bigint: true });
        return stats.isFile() ? await body(file, stats) : undefined;
      } finally {
        await file.close();
      }
    });
  }

  private async at<T>(bucket: Bucket, key: string, body: (path: string) => Promise<T>): Promise<T> {
    checkKey(bucket, key);
    return guardFiles(this.place(bucket, key), () => body(join(this.root, bucket, key)));
  }
}
