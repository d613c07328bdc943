import type { DocumentStore } from '../../domain/lineage/index.js';
import { checkKey, type Bucket, type ObjectDriver } from './driver.js';

/**
 * Named documents under `prefix` of a bucket. Keys are relative to the prefix, also in `list`.
 * In `evidence` a replaced document keeps its older versions, and `remove` is refused while the lock lasts.
 */
export function openDocumentStore(
  driver: ObjectDriver,
  bucket: Bucket,
  prefix: string,
): DocumentStore {
  checkKey(bucket, prefix);
  const keyOf = (key: string): string => `${prefix}/${key}`;
  return {
    read: (key) => driver.get(bucket, keyOf(key)),
    async create(key, bytes) {
      return (await driver.putIfAbsent(bucket, keyOf(key), bytes)) !== undefined;
    },
    async replace(key, bytes, etag) {
      return (await driver.putIfMatch(bucket, keyOf(key), bytes, etag)) !== undefined;
    },
    async *list(keyPrefix) {
      for await (const key of driver.list(bucket, keyOf(keyPrefix))) {
        yield key.slice(prefix.length + 1);
      }
    },
    remove: (key) => driver.remove(bucket, keyOf(key)),
  };
}
