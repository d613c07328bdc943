import type { Bucket, ObjectDriver } from './driver.js';
import { StoreError } from './errors.js';

/** Reads exact pieces of one object. */
export interface ObjectReader {
  readonly totalBytes: number;
  readonly etag: string;
  /** As the driver gives it. */
  readonly modifiedMs: number;
  /** @throws StoreError STORE_CORRUPT when the object ends before */
  read(offset: number, length: number): Promise<Buffer>;
}

const FIRST_BYTES = 64 * 1024;

/** A whole object in memory; undefined when it is not there. */
export async function readWhole(
  driver: ObjectDriver,
  bucket: Bucket,
  key: string,
): Promise<ObjectReader | undefined> {
  const found = await driver.get(bucket, key);
  if (found === undefined) return undefined;
  const { bytes, etag, modifiedMs } = found;
  return {
    totalBytes: bytes.length,
    etag,
    modifiedMs,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}

/** Up to here an object is moved as a whole. */
export const IN_ONE_GO_BYTES = 8 * 1024 * 1024;

/** How an object is read that is going to be looked at as a whole. */
export const readerFor = (sizeBytes: number) =>
  sizeBytes <= IN_ONE_GO_BYTES ? readWhole : readByRanges;

/** An object read by ranges; small ones come with the first request. */
export async function readByRanges(
  driver: ObjectDriver,
  bucket: Bucket,
  key: string,
): Promise<ObjectReader | undefined> {
  const first = await driver.getRange(bucket, key, 0, FIRST_BYTES);
  if (first === undefined) return undefined;
  return {
    totalBytes: first.totalBytes,
    etag: first.etag,
    modifiedMs: first.modifiedMs,
    async read(offset, length) {
      const end = offset + length;
      if (end <= first.bytes.length) return first.bytes.subarray(offset, end);
      const part = await driver.getRange(bucket, key, offset, length);
      if (part?.etag === first.etag && part.bytes.length === length) return part.bytes;
      throw new StoreError('STORE_CORRUPT', 'The object changed or was cut while it was read', {
        bucket,
        key,
      });
    },
  };
}
