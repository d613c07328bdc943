import { createHash } from 'node:crypto';
import {
  canonicalBytes,
  canonicalJson,
  CHUNK_BYTES,
  LineageError,
  type ArtifactClass,
  type WrappedKey,
} from '../../domain/lineage/index.js';

/**
 * An artifact object, version 1:
 *
 *     "CUSTOSA1" | header length, 4 bytes big endian | header | SHA-256 of all before | index | chunks
 *
 * The header is RFC 8785 JSON. Chunk i holds the bytes [i, i + 1) MiB of the canonical plaintext,
 * sealed ones with a 16-byte GCM tag behind. `index` exists only in sealed artifacts of more than
 * one chunk: the chunks' digests, 32 bytes each, sealed as well, for the digest of an unsalted chunk
 * in clear would let anybody confirm a guess. Unsealed artifacts carry them in the header.
 */
export interface ArtifactHeader {
  readonly version: 1;
  readonly class: ArtifactClass;
  readonly mediaType: string;
  /** The caller's bytes, without the salt. */
  readonly sizeBytes: number;
  readonly chunkBytes: number;
  readonly salted: boolean;
  /** Present exactly when sealed. */
  readonly key?: WrappedKey;
  /** Hexadecimal SHA-256 of each chunk; only when unsealed and of more than one chunk. */
  readonly chunks?: readonly string[];
}

export const SALT_BYTES = 32;
export const TAG_BYTES = 16;
const HASH_BYTES = 32;
const MAGIC = Buffer.from('CUSTOSA1', 'latin1');
const FIXED_BYTES = MAGIC.length + 4;
const MAX_HEADER_BYTES = 64 * CHUNK_BYTES;

/** Where the parts of an artifact object lie. */
interface ArtifactLayout {
  readonly plaintextBytes: number;
  readonly chunkCount: number;
  readonly indexBytes: number;
  readonly bodyBytes: number;
}

export function layoutOf(sizeBytes: number, salted: boolean, sealed: boolean): ArtifactLayout {
  const plaintextBytes = sizeBytes + (salted ? SALT_BYTES : 0);
  const chunkCount = Math.max(1, Math.ceil(plaintextBytes / CHUNK_BYTES));
  const indexBytes = sealed && chunkCount > 1 ? chunkCount * HASH_BYTES + TAG_BYTES : 0;
  const sealBytes = sealed ? chunkCount * TAG_BYTES : 0;
  return {
    plaintextBytes,
    chunkCount,
    indexBytes,
    bodyBytes: indexBytes + plaintextBytes + sealBytes,
  };
}

/** The first part of the object, up to and including the header's checksum. */
export function encodeHeader(header: ArtifactHeader): Buffer {
  const json = canonicalBytes(header);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  const start = Buffer.concat([MAGIC, length, json]);
  return Buffer.concat([start, createHash('sha256').update(start).digest()]);
}

/** Bytes of the first part, told by its first twelve; undefined when they are not an artifact's. */
export function headerEnd(first: Buffer): number | undefined {
  if (first.length < FIXED_BYTES || !first.subarray(0, MAGIC.length).equals(MAGIC)) {
    return undefined;
  }
  const length = first.readUInt32BE(MAGIC.length);
  return length > MAX_HEADER_BYTES ? undefined : FIXED_BYTES + length + HASH_BYTES;
}

/**
 * Reads the first part of an object.
 * @throws LineageError ARTIFACT_CORRUPT, naming `label`
 */
export function decodeHeader(start: Buffer, label: string): ArtifactHeader {
  const checksum = start.subarray(start.length - HASH_BYTES);
  const covered = start.subarray(0, start.length - HASH_BYTES);
  if (!createHash('sha256').update(covered).digest().equals(checksum)) {
    throw corrupt(label, 'the header does not match its checksum');
  }
  const text = covered.subarray(FIXED_BYTES).toString('utf8');
  const header = parse(text);
  if (header === undefined || canonicalJson(header) !== text) {
    throw corrupt(label, 'the header is not one of format version 1');
  }
  return header;
}

/** The error for bytes that are not what their name says; `what` holds no content. */
export function corrupt(label: string, what: string, cause?: unknown): LineageError {
  return new LineageError(
    'ARTIFACT_CORRUPT',
    `Artifact ${label} is corrupt: ${what}. Restore the object from a backup or run the step that made it again.`,
    { cause },
  );
}

function parse(text: string): ArtifactHeader | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isHeader(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isHeader(value: unknown): value is ArtifactHeader {
  if (typeof value !== 'object' || value === null) return false;
  const header = value as Partial<Record<keyof ArtifactHeader, unknown>>;
  return (
    header.version === 1 &&
    header.chunkBytes === CHUNK_BYTES &&
    typeof header.class === 'string' &&
    typeof header.mediaType === 'string' &&
    Number.isSafeInteger(header.sizeBytes) &&
    (header.sizeBytes as number) >= 0 &&
    typeof header.salted === 'boolean' &&
    (header.key === undefined || isWrappedKey(header.key)) &&
    (header.chunks === undefined || (Array.isArray(header.chunks) && header.chunks.every(isHash)))
  );
}

function isWrappedKey(value: unknown): value is WrappedKey {
  if (typeof value !== 'object' || value === null) return false;
  const key = value as Partial<Record<keyof WrappedKey, unknown>>;
  return typeof key.keyId === 'string' && typeof key.ciphertext === 'string';
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}
