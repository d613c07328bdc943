import { createHash, randomBytes } from 'node:crypto';
import { CHUNK_BYTES, type KeyService } from '../../domain/lineage/index.js';
import { encodeHeader, layoutOf } from './artifact-format.js';
import { isSalted, isSealed } from './artifact-names.js';
import { createSeal, keyContext, type SealIdentity } from './artifact-seal.js';
import type { ChunkSource, SourceDigests } from './artifact-source.js';
import type { ObjectBody } from './driver.js';

/** An artifact ready to be put, and the key that was drawn for it. */
interface EncodedArtifact {
  readonly body: ObjectBody;
  readonly keyId: string | undefined;
}

/** The parts of an artifact object; the same ones each time they are asked for. */
interface Parts {
  readonly start: Buffer;
  readonly keyId: string | undefined;
  readonly index: () => readonly Buffer[];
  readonly chunk: (index: number, plaintext: Buffer) => readonly Buffer[];
}

const IN_MEMORY_BYTES = 64 * CHUNK_BYTES;

/** Draws and wraps a data key where the class is sealed, and lays out the object. */
export async function encodeArtifact(
  keys: KeyService,
  identity: SealIdentity,
  mediaType: string,
  source: ChunkSource,
  digests: SourceDigests,
): Promise<EncodedArtifact> {
  const header = {
    version: 1,
    class: identity.class,
    mediaType,
    sizeBytes: source.sizeBytes,
    chunkBytes: CHUNK_BYTES,
    salted: isSalted(identity.class),
  } as const;
  const sealed = isSealed(identity.class);
  const parts = sealed
    ? await sealedParts(keys, identity, header, digests)
    : plainParts(header, digests);
  const layout = layoutOf(source.sizeBytes, header.salted, sealed);
  const body = await bodyOf(parts, source, parts.start.length + layout.bodyBytes);
  return { body, keyId: parts.keyId };
}

type BareHeader = Omit<Parameters<typeof encodeHeader>[0], 'key' | 'chunks'>;

function plainParts(header: BareHeader, digests: SourceDigests): Parts {
  const many = digests.chunks.length > 1;
  const chunks = many ? { chunks: digests.chunks.map((hash) => hash.toString('hex')) } : {};
  return {
    start: encodeHeader({ ...header, ...chunks }),
    keyId: undefined,
    index: () => [],
    chunk: (_index, plaintext) => [plaintext],
  };
}

async function sealedParts(
  keys: KeyService,
  identity: SealIdentity,
  header: BareHeader,
  { chunks }: SourceDigests,
): Promise<Parts> {
  const dataKey = randomBytes(32);
  const key = await keys.wrap(dataKey, keyContext(identity));
  const start = encodeHeader({ ...header, key });
  const seal = createSeal(dataKey, identity, start, chunks.length);
  return {
    start,
    keyId: key.keyId,
    index: () => (chunks.length > 1 ? seal.seal('index', Buffer.concat(chunks)) : []),
    chunk: (index, plaintext) => seal.seal(index, plaintext),
  };
}

async function bodyOf(parts: Parts, source: ChunkSource, sizeBytes: number): Promise<ObjectBody> {
  const pieces = async function* (): AsyncGenerator<Buffer> {
    yield parts.start;
    yield* parts.index();
    for (let index = 0; index < source.chunkCount; index += 1) {
      yield* parts.chunk(index, await source.chunk(index));
    }
  };
  if (sizeBytes <= IN_MEMORY_BYTES) {
    const all: Buffer[] = [];
    for await (const piece of pieces()) all.push(piece);
    return all;
  }
  const hash = createHash('sha256');
  for await (const piece of pieces()) hash.update(piece);
  return { sizeBytes, sha256Hex: hash.digest('hex'), open: pieces };
}
