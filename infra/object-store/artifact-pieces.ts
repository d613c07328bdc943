import { CHUNK_BYTES } from '../../domain/lineage/index.js';
import type { ArtifactRef } from '../../schemas/index.js';
import { corrupt, SALT_BYTES } from './artifact-format.js';
import { keepFresh } from './artifact-fresh.js';
import { isLineageError, locate, type ArtifactContext } from './artifact-locate.js';
import { verifyWhole, type OpenedArtifact } from './artifact-read.js';
import { StoreError } from './errors.js';
import { readerFor } from './object-reader.js';

const MAX_TRUSTED = 256;

/** All of the caller's bytes, verified by chunk and as a whole. */
export async function readAll(opened: OpenedArtifact): Promise<Buffer> {
  const chunks: Buffer[] = [];
  await verifyWhole(opened, (bytes) => chunks.push(bytes));
  const [only] = chunks;
  const whole = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
  return whole.subarray(saltBytes(opened));
}

export async function readRange(
  context: ArtifactContext,
  ref: ArtifactRef,
  project: string,
  offset: number,
  length: number,
): Promise<Buffer> {
  if (![offset, length].every((value) => Number.isSafeInteger(value) && value >= 0)) {
    throw new StoreError('STORE_INVALID', 'Offset and length of a range are whole numbers from 0');
  }
  const opened = await locate(context, ref, project);
  await trustChunks(context, opened);
  const start = Math.min(offset, ref.sizeBytes) + saltBytes(opened);
  const end = Math.min(offset + length, ref.sizeBytes) + saltBytes(opened);
  const parts: Buffer[] = [];
  for (let at = start; at < end;) {
    const index = Math.floor(at / CHUNK_BYTES);
    const from = index * CHUNK_BYTES;
    const bytes = await opened.chunk(index);
    parts.push(bytes.subarray(at - from, end - from));
    at = from + CHUNK_BYTES;
  }
  return Buffer.concat(parts);
}

export async function* streamArtifact(
  context: ArtifactContext,
  ref: ArtifactRef,
  project: string,
): AsyncGenerator<Buffer> {
  const opened = await locate(context, ref, project);
  await trustChunks(context, opened);
  for (let index = 0; index < opened.chunkCount; index += 1) {
    const bytes = await opened.chunk(index);
    yield index === 0 ? bytes.subarray(saltBytes(opened)) : bytes;
  }
}

/** Whether it is there and opens. Who asks relies on the answer, so the artifact is kept fresh. */
export async function hasArtifact(
  context: ArtifactContext,
  ref: ArtifactRef,
  project: string,
): Promise<boolean> {
  try {
    const opened = await locate(context, ref, project, readerFor(ref.sizeBytes));
    await verifyWhole(opened);
    return await keepFresh(context, opened.identity, opened.modifiedMs);
  } catch (error) {
    const absent = (['ARTIFACT_MISSING', 'ARTIFACT_ERASED', 'ARTIFACT_CORRUPT'] as const).some(
      (code) => isLineageError(error, code),
    );
    if (absent) return false;
    throw error;
  }
}

/**
 * The chunk digests of an unsealed artifact stand in a header that whoever can write the store can
 * rewrite. So the first range that a process reads costs one pass over the whole, which proves the
 * digests; later ranges are held against what was proven.
 */
async function trustChunks(context: ArtifactContext, opened: OpenedArtifact): Promise<void> {
  if (opened.authentic) return;
  const { trustedChunks } = context;
  const { digest } = opened.identity;
  const found = opened.chunkDigests.join('');
  const proven = trustedChunks.get(digest);
  if (proven === undefined) {
    await verifyWhole(opened);
    const oldest = trustedChunks.keys().next();
    if (trustedChunks.size >= MAX_TRUSTED && !oldest.done) trustedChunks.delete(oldest.value);
    trustedChunks.set(digest, found);
  } else if (proven !== found) {
    throw corrupt(digest, 'the digests of its chunks were rewritten');
  }
}

function saltBytes(opened: OpenedArtifact): number {
  return opened.header.salted ? SALT_BYTES : 0;
}
