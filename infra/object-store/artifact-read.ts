import { createHash } from 'node:crypto';
import {
  CHUNK_BYTES,
  LineageError,
  type KeyService,
  type WrappedKey,
} from '../../domain/lineage/index.js';
import {
  corrupt,
  decodeHeader,
  headerEnd,
  layoutOf,
  TAG_BYTES,
  type ArtifactHeader,
} from './artifact-format.js';
import { isSalted, isSealed } from './artifact-names.js';
import { createSeal, keyContext, type Seal, type SealIdentity } from './artifact-seal.js';
import type { ObjectReader } from './object-reader.js';

/** An artifact whose header and key have been checked; chunks are checked as they are read. */
export interface OpenedArtifact {
  readonly identity: SealIdentity;
  readonly header: ArtifactHeader;
  readonly chunkCount: number;
  /** True when the chunks' digests cannot have been rewritten by somebody without the data key. */
  readonly authentic: boolean;
  readonly chunkDigests: readonly string[];
  /** When the object was stored or last relied on. */
  readonly modifiedMs: number;
  /** Chunk `index` of the canonical plaintext. @throws LineageError ARTIFACT_CORRUPT naming it */
  chunk(index: number): Promise<Buffer>;
  /** The same, its digest not looked at: for who hashes the whole. */
  unproven(index: number): Promise<Buffer>;
}

/**
 * Opens an artifact object that should hold `sizeBytes` of the caller's bytes.
 * @throws LineageError ARTIFACT_CORRUPT, ARTIFACT_ERASED when its data key was destroyed, KEY_UNAVAILABLE
 */
export async function openArtifact(
  reader: ObjectReader,
  identity: SealIdentity,
  sizeBytes: number,
  keys: KeyService,
): Promise<OpenedArtifact> {
  const label = identity.digest;
  const { start, header } = await readHeader(reader, identity, sizeBytes);
  const layout = layoutOf(sizeBytes, header.salted, header.key !== undefined);
  if (start.length + layout.bodyBytes !== reader.totalBytes) {
    throw corrupt(label, `the object is not ${String(start.length + layout.bodyBytes)} bytes long`);
  }
  const { chunkCount, plaintextBytes } = layout;
  const seal =
    header.key &&
    createSeal(await unwrapKey(keys, header.key, identity), identity, start, chunkCount);
  const chunkDigests = await readDigests(
    reader,
    start.length,
    layout.indexBytes,
    header,
    seal,
    label,
  );
  const bodyAt = start.length + layout.indexBytes;
  const stride = CHUNK_BYTES + (seal ? TAG_BYTES : 0);
  const unproven = async (index: number): Promise<Buffer> => {
    const plain = Math.min(CHUNK_BYTES, plaintextBytes - index * CHUNK_BYTES);
    const length = plain + (seal ? TAG_BYTES : 0);
    const stored = await reader.read(bodyAt + index * stride, length);
    const bytes = seal ? seal.open(index, stored) : stored;
    if (bytes === undefined) throw corrupt(label, `chunk ${String(index)} does not open`);
    if (bytes.length === plain) return bytes;
    throw corrupt(label, `chunk ${String(index)} does not match its digest`);
  };
  return {
    identity,
    header,
    chunkCount,
    authentic: seal !== undefined || chunkCount === 1,
    chunkDigests,
    modifiedMs: reader.modifiedMs,
    unproven,
    async chunk(index) {
      const bytes = await unproven(index);
      const hash = createHash('sha256').update(bytes).digest('hex');
      if (hash === chunkDigests[index]) return bytes;
      throw corrupt(label, `chunk ${String(index)} does not match its digest`);
    },
  };
}

/** The data key of an artifact. @throws LineageError ARTIFACT_CORRUPT naming the artifact, ARTIFACT_ERASED, KEY_UNAVAILABLE */
export async function unwrapKey(
  keys: KeyService,
  key: WrappedKey,
  identity: SealIdentity,
): Promise<Uint8Array> {
  try {
    return await keys.unwrap(key, keyContext(identity));
  } catch (error) {
    const foreign = error instanceof LineageError && error.code === 'ARTIFACT_CORRUPT';
    throw foreign ? corrupt(identity.digest, 'its key does not open for it', error) : error;
  }
}

/**
 * Reads every chunk and compares the digest of the whole, which proves the chunks as well: theirs are
 * looked at only to name the one that is wrong.
 * @param each gets every chunk before it is proven: what it did counts only once this returns
 * @throws LineageError ARTIFACT_CORRUPT
 */
export async function verifyWhole(
  opened: OpenedArtifact,
  each?: (bytes: Buffer) => void,
): Promise<void> {
  const whole = createHash('sha256');
  for (let index = 0; index < opened.chunkCount; index += 1) {
    const bytes = await opened.unproven(index);
    whole.update(bytes);
    each?.(bytes);
  }
  const { digest } = opened.identity;
  if (`sha256:${whole.digest('hex')}` === digest) return;
  for (let index = 0; index < opened.chunkCount; index += 1) await opened.chunk(index);
  throw corrupt(digest, 'all of its chunks together do not match its digest');
}

/** The first part of an object, checked against what the object should be. The body is not looked at. */
export async function readHeader(
  reader: ObjectReader,
  identity: SealIdentity,
  sizeBytes: number,
): Promise<{ readonly start: Buffer; readonly header: ArtifactHeader }> {
  const start = await readStart(reader, identity.digest);
  const header = decodeHeader(start, identity.digest);
  checkHeader(header, identity, sizeBytes);
  return { start, header };
}

async function readStart(reader: ObjectReader, label: string): Promise<Buffer> {
  const end = headerEnd(await reader.read(0, Math.min(12, reader.totalBytes)));
  if (end === undefined || end > reader.totalBytes) {
    throw corrupt(label, 'the object does not begin like an artifact');
  }
  return reader.read(0, end);
}

function checkHeader(header: ArtifactHeader, identity: SealIdentity, sizeBytes: number): void {
  const sealed = isSealed(identity.class);
  const many = layoutOf(sizeBytes, header.salted, sealed).chunkCount > 1;
  const fits =
    header.class === identity.class &&
    header.sizeBytes === sizeBytes &&
    header.salted === isSalted(identity.class) &&
    (header.key !== undefined) === sealed &&
    (header.chunks !== undefined) === (many && !sealed);
  if (!fits) throw corrupt(identity.digest, 'the header is that of another artifact');
}

async function readDigests(
  reader: ObjectReader,
  offset: number,
  indexBytes: number,
  header: ArtifactHeader,
  seal: Seal | undefined,
  label: string,
): Promise<readonly string[]> {
  if (header.chunks !== undefined) return header.chunks;
  // One chunk is the whole: its digest is the artifact's name.
  if (seal === undefined || indexBytes === 0) return [label.slice('sha256:'.length)];
  const index = seal.open('index', await reader.read(offset, indexBytes));
  if (index === undefined) throw corrupt(label, 'the index of its chunks does not open');
  const hex = index.toString('hex');
  return hex.match(/.{64}/g) ?? [];
}
