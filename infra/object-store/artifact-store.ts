import type { ArtifactStore, KeyService, PutOptions } from '../../domain/lineage/index.js';
import type { ArtifactRef } from '../../schemas/index.js';
import { eraseArtifact } from './artifact-erase.js';
import { keepFresh } from './artifact-fresh.js';
import { locate, stateOf, type ArtifactContext } from './artifact-locate.js';
import { artifactKey, bucketOf, checkPut } from './artifact-names.js';
import { hasArtifact, readAll, readRange, streamArtifact } from './artifact-pieces.js';
import type { SealIdentity } from './artifact-seal.js';
import { digestSource, memorySource, withFileSource, type ChunkSource } from './artifact-source.js';
import { encodeArtifact } from './artifact-write.js';
import type { ObjectBody, ObjectDriver } from './driver.js';
import { readWhole } from './object-reader.js';

/** An artifact store that also moves artifacts larger than memory. */
export interface StreamingArtifactStore extends ArtifactStore {
  /** Like `put`, for a file that does not change meanwhile. */
  putFile(path: string, options: PutOptions): Promise<ArtifactRef>;
  /** The artifact's bytes in pieces of at most 1 MiB, each verified before it is given out. */
  stream(ref: ArtifactRef, project: string): AsyncIterable<Uint8Array>;
}

/**
 * Artifacts on an object store, sealed under a key service: design.md, "Artifacts". A sealed
 * artifact belongs to its project: under another project's name it is missing, and a copy moved
 * there does not open. Store faults throw StoreError, wrong options StoreError STORE_INVALID.
 */
export function openArtifactStore(options: {
  readonly driver: ObjectDriver;
  readonly keys: KeyService;
  readonly now?: () => Date;
}): StreamingArtifactStore {
  const { driver, keys, now = () => new Date() } = options;
  const context: ArtifactContext = { driver, keys, now, trustedChunks: new Map() };
  return {
    async put(bytes, putOptions) {
      checkPut(putOptions);
      return store(context, memorySource(bytes, putOptions.salt), putOptions);
    },
    async putFile(path, putOptions) {
      checkPut(putOptions);
      return withFileSource(path, putOptions.salt, (source) => store(context, source, putOptions));
    },
    get: async (ref, project) => readAll(await locate(context, ref, project, readWhole)),
    getRange: (ref, project, offset, length) => readRange(context, ref, project, offset, length),
    stream: (ref, project) => streamArtifact(context, ref, project),
    has: (ref, project) => hasArtifact(context, ref, project),
    erase: (ref, project, reason) => eraseArtifact(context, ref, project, reason),
  };
}

/** Stores under the first epoch that is neither erased nor taken; there already means: there and opens. */
async function store(
  context: ArtifactContext,
  source: ChunkSource,
  options: PutOptions,
): Promise<ArtifactRef> {
  const { class: artifactClass, mediaType, project } = options;
  const digests = await digestSource(source);
  const { digest } = digests;
  const ref = { digest, class: artifactClass, mediaType, sizeBytes: source.sizeBytes };
  for (let epoch = 0; ;) {
    const identity = { digest, epoch, class: artifactClass, project };
    const state = await stateOf(context, identity, source.sizeBytes);
    if (state.is === 'opens') {
      if (await keepFresh(context, identity, state.modifiedMs)) return ref;
      continue;
    }
    if (state.is === 'erased') {
      epoch += 1;
      continue;
    }
    const encoded = await encodeArtifact(context.keys, identity, mediaType, source, digests);
    const etag = state.is === 'corrupt' ? state.etag : undefined;
    if (await write(context.driver, identity, encoded.body, etag)) return ref;
    // Somebody else was faster: the key drawn here never opens anything. Look again.
    if (encoded.keyId !== undefined) await context.keys.destroy(encoded.keyId);
  }
}

/** Creates the object, or replaces the corrupt one with `etag`; false when another writer was faster. */
async function write(
  driver: ObjectDriver,
  identity: SealIdentity,
  body: ObjectBody,
  etag: string | undefined,
): Promise<boolean> {
  const place = [bucketOf(identity.class), artifactKey(identity)] as const;
  const written =
    etag === undefined
      ? await driver.putIfAbsent(...place, body)
      : await driver.putIfMatch(...place, body, etag);
  return written !== undefined;
}
