import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { CHUNK_BYTES } from '../../domain/lineage/index.js';
import { asBuffer } from './driver.js';
import { StoreError } from './errors.js';

/** Canonical plaintext in chunks of 1 MiB, readable more than once. */
export interface ChunkSource {
  /** The caller's bytes, without the salt. */
  readonly sizeBytes: number;
  readonly chunkCount: number;
  chunk(index: number): Promise<Buffer>;
}

type ReadAt = (offset: number, length: number) => Promise<Buffer>;

/** The bytes of `salt` followed by the source's, cut into chunks. */
function cut(sizeBytes: number, salt: Uint8Array | undefined, readAt: ReadAt): ChunkSource {
  const head = salt === undefined ? Buffer.alloc(0) : asBuffer(salt);
  const total = head.length + sizeBytes;
  return {
    sizeBytes,
    chunkCount: Math.max(1, Math.ceil(total / CHUNK_BYTES)),
    async chunk(index) {
      const start = index * CHUNK_BYTES;
      const end = Math.min(start + CHUNK_BYTES, total);
      const from = Math.max(0, start - head.length);
      const bytes = await readAt(from, end - head.length - from);
      return start < head.length ? Buffer.concat([head.subarray(start), bytes]) : bytes;
    },
  };
}

export function memorySource(bytes: Uint8Array, salt?: Uint8Array): ChunkSource {
  const whole = asBuffer(bytes);
  return cut(whole.length, salt, (offset, length) =>
    Promise.resolve(whole.subarray(offset, offset + length)),
  );
}

/** Reads a file while `body` runs. */
export async function withFileSource<T>(
  path: string,
  salt: Uint8Array | undefined,
  body: (source: ChunkSource) => Promise<T>,
): Promise<T> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    return await body(cut(size, salt, (offset, length) => readExactly(file, offset, length)));
  } finally {
    await file.close();
  }
}

async function readExactly(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) {
      throw new StoreError('STORE_CORRUPT', 'The file to store became shorter while it was read');
    }
    filled += bytesRead;
  }
  return bytes;
}

export interface SourceDigests {
  readonly digest: string;
  readonly chunks: readonly Buffer[];
}

/** The digest of the canonical plaintext and of each chunk. */
export async function digestSource(source: ChunkSource): Promise<SourceDigests> {
  if (source.chunkCount === 1) {
    const only = createHash('sha256')
      .update(await source.chunk(0))
      .digest();
    return { digest: `sha256:${only.toString('hex')}`, chunks: [only] };
  }
  const whole = createHash('sha256');
  const chunks: Buffer[] = [];
  for (let index = 0; index < source.chunkCount; index += 1) {
    const bytes = await source.chunk(index);
    whole.update(bytes);
    chunks.push(createHash('sha256').update(bytes).digest());
  }
  return { digest: `sha256:${whole.digest('hex')}`, chunks };
}
