import { createHash } from 'node:crypto';
import { StoreError } from './errors.js';

/** `evidence` is under object lock where the store has it; `data` has neither lock nor versions. */
export type Bucket = 'evidence' | 'data';

/** A body too large for memory. `open` is called again for every attempt and must give the same bytes. */
export interface StreamBody {
  readonly sizeBytes: number;
  readonly sha256Hex: string;
  open(): AsyncIterable<Uint8Array>;
}

/** In memory, whole or in pieces, which are not joined: to join them would copy every byte. */
export type ObjectBody = Uint8Array | readonly Uint8Array[] | StreamBody;

export interface StoredObject {
  readonly bytes: Buffer;
  readonly etag: string;
  /** By the store's clock, milliseconds since the epoch; whole seconds where the store gives no more. */
  readonly modifiedMs: number;
}

/** An object as a listing has it. */
export interface ObjectEntry {
  readonly key: string;
  readonly sizeBytes: number;
  /** By the store's clock, milliseconds since the epoch. */
  readonly modifiedMs: number;
}

/** Writes that were cut off and hold space without being an object. */
export interface Leftovers {
  readonly count: number;
  readonly sizeBytes: number;
}

export interface ObjectPart extends StoredObject {
  /** Size of the whole object. */
  readonly totalBytes: number;
}

export interface ObjectStat {
  readonly sizeBytes: number;
  readonly etag: string;
  readonly modifiedMs: number;
  /** What the store promises about deletion; undefined where it promises nothing. */
  readonly retention?: { readonly mode: string; readonly retainUntil: Date };
}

/**
 * The few operations of an object store that Custos needs. Every put is atomic, durable when it
 * returns, and checked against the SHA-256 of its body. Network faults are retried inside.
 * All methods throw StoreError.
 */
export interface ObjectDriver {
  /** Where the objects are, for people: an endpoint or a folder. */
  readonly label: string;
  /** True when the store itself refuses to delete or change an object of `evidence`. */
  readonly writeOnce: boolean;
  /** The etag of the new object, or undefined when the key exists already. A race has one winner. */
  putIfAbsent(bucket: Bucket, key: string, body: ObjectBody): Promise<string | undefined>;
  /** The new etag, or undefined when the object is no longer the one with `etag`. */
  putIfMatch(
    bucket: Bucket,
    key: string,
    body: ObjectBody,
    etag: string,
  ): Promise<string | undefined>;
  get(bucket: Bucket, key: string): Promise<StoredObject | undefined>;
  /** Bytes [offset, offset + length), fewer at the end of the object. */
  getRange(
    bucket: Bucket,
    key: string,
    offset: number,
    length: number,
  ): Promise<ObjectPart | undefined>;
  stat(bucket: Bucket, key: string): Promise<ObjectStat | undefined>;
  /** Keys that start with `prefix`, in the order of their UTF-8 bytes. */
  list(bucket: Bucket, prefix: string): AsyncIterable<string>;
  /** What `list` lists, with sizes and times. */
  entries(bucket: Bucket, prefix: string): AsyncIterable<ObjectEntry>;
  /** Makes an object of `data` count as stored now; its bytes stay. False when it is not there. */
  freshen(key: string): Promise<boolean>;
  /** Uploads that were begun and not ended, in both buckets. */
  leftovers(): Promise<Leftovers>;
  /**
   * Removes the object for good; no error when it is not there.
   * @throws StoreError STORE_WRITE_ONCE when a lock forbids it
   */
  remove(bucket: Bucket, key: string): Promise<void>;
  close(): Promise<void>;
}

const SEGMENT = /^(?!\.{1,2}$)[A-Za-z0-9._=@+~:-]{1,200}$/;

/** Keys are paths of plain segments, so that every driver can store them under the same name. */
export function checkKey(bucket: Bucket, key: string): void {
  const plain = key.length <= 900 && key.split('/').every((segment) => SEGMENT.test(segment));
  if (plain) return;
  throw new StoreError(
    'STORE_INVALID',
    'An object key is 1 to 900 characters: segments of letters, digits and ._=@+~:- joined by "/"',
    { bucket, key: key.slice(0, 100) },
  );
}

export function isStreamBody(body: ObjectBody): body is StreamBody {
  return 'open' in body;
}

/** The pieces of a body in memory. */
export function piecesOf(body: Exclude<ObjectBody, StreamBody>): readonly Buffer[] {
  return (body instanceof Uint8Array ? [body] : body).map(asBuffer);
}

/** Any view of bytes as a Buffer over the same memory. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * The pieces of a stream body, refused when they are more, fewer or other bytes than declared.
 * @throws StoreError STORE_CORRUPT after the last piece, so a consumer must commit only afterwards
 */
export async function* checkedPieces(
  body: StreamBody,
  place: { readonly bucket: string; readonly key: string },
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  let held: Buffer | undefined;
  // One piece is held back: the last must not leave before the whole has been checked.
  for await (const piece of body.open()) {
    if (held !== undefined) yield held;
    held = asBuffer(piece);
    hash.update(held);
    sizeBytes += held.length;
    if (sizeBytes > body.sizeBytes) break;
  }
  if (sizeBytes !== body.sizeBytes || hash.digest('hex') !== body.sha256Hex) {
    throw new StoreError(
      'STORE_CORRUPT',
      `The source gave ${String(sizeBytes)} bytes that are not the ${String(body.sizeBytes)} declared; nothing was stored`,
      place,
    );
  }
  if (held !== undefined) yield held;
}
