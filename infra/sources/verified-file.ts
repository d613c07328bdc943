import { createHash } from 'node:crypto';
import type { SourceFile } from '../../domain/record/index.js';
import type { SourceManifest } from '../../schemas/index.js';
import { SourceError } from './errors.js';
import type { SourcePlace } from './place.js';

export type ManifestFile = SourceManifest['files'][number];

const CHUNK_BYTES = 1 << 20;
const PARQUET_MAGIC = 'PAR1';

function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Digests of a stream's chunks of 1 MiB, whatever the sizes in which it comes. */
function createChunkHasher(): { add(bytes: Uint8Array): void; digests(): string[] } {
  const digests: string[] = [];
  let hash = createHash('sha256');
  let filled = 0;
  const close = (): void => {
    if (filled > 0) digests.push(hash.digest('hex'));
    hash = createHash('sha256');
    filled = 0;
  };
  return {
    add(bytes) {
      for (let at = 0; at < bytes.length;) {
        const part = bytes.subarray(at, at + CHUNK_BYTES - filled);
        hash.update(part);
        filled += part.length;
        at += part.length;
        if (filled === CHUNK_BYTES) close();
      }
    },
    digests() {
      close();
      return digests;
    },
  };
}

/** Hashes a file; a Parquet file, which is read at random, by its chunks as well. */
export async function fingerprintEntry(
  place: SourcePlace,
  name: string,
  what: string,
): Promise<ManifestFile> {
  const hash = createHash('sha256');
  const chunks = createChunkHasher();
  let [sizeBytes, magic, random] = [0, '', false];
  for await (const chunk of place.read(name, what)) {
    if (sizeBytes < PARQUET_MAGIC.length) {
      magic += Buffer.from(chunk.subarray(0, PARQUET_MAGIC.length)).toString('latin1');
      random = magic.startsWith(PARQUET_MAGIC);
    }
    hash.update(chunk);
    if (random) chunks.add(chunk);
    sizeBytes += chunk.length;
  }
  const digest = `sha256:${hash.digest('hex')}`;
  return { name, digest, sizeBytes, ...(random ? { chunkDigests: chunks.digests() } : {}) };
}

function changed(what: string): SourceError {
  return new SourceError('SOURCE_CHANGED', `${what} changed while the run was reading; run again`);
}

async function* readVerified(
  place: SourcePlace,
  { name, digest }: ManifestFile,
  what: string,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of place.read(name, what)) {
    hash.update(chunk);
    yield chunk;
  }
  if (`sha256:${hash.digest('hex')}` !== digest) throw changed(what);
}

async function readVerifiedRange(
  place: SourcePlace,
  { name, sizeBytes, chunkDigests = [] }: ManifestFile,
  what: string,
  range: { readonly start: number; readonly end: number },
): Promise<Uint8Array> {
  const first = Math.floor(range.start / CHUNK_BYTES);
  const start = first * CHUNK_BYTES;
  const end = Math.min(sizeBytes, Math.ceil(range.end / CHUNK_BYTES) * CHUNK_BYTES);
  const parts: Uint8Array[] = [];
  for await (const part of place.read(name, what, { start, end })) parts.push(part);
  const bytes = Buffer.concat(parts);
  for (let at = 0; start + at < end; at += CHUNK_BYTES) {
    const promised = chunkDigests[first + at / CHUNK_BYTES];
    if (sha256Hex(bytes.subarray(at, at + CHUNK_BYTES)) !== promised) throw changed(what);
  }
  return bytes.subarray(range.start - start, range.end - start);
}

/**
 * A file that is what its manifest entry says, or stops its reader: a stream at its end, a range at
 * once. @throws SourceError SOURCE_CHANGED
 */
export function verifiedFile(place: SourcePlace, entry: ManifestFile, what: string): SourceFile {
  return {
    name: entry.name,
    digest: entry.digest,
    sizeBytes: entry.sizeBytes,
    open: () => readVerified(place, entry, what),
    readRange: (start, end) => readVerifiedRange(place, entry, what, { start, end }),
  };
}
