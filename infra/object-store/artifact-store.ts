import type { ArtifactStore, KeyService, PutOptions } from '../../domain/lineage/index.js';
import type { ArtifactRef } from '../../schemas/index.js';
import { eraseArtifact } from './artifact-erase.js';
import { keepFresh } from './artifact-fresh.js';
import { hasTombstone, locate, stateOf, type ArtifactContext } from './artifact-locate.js';
import { artifactKey, bucketOf, checkPut } from './artifact-names.js';
import { hasArtifact, readAll, readRange, streamArtifact } from './artifact-pieces.js';
import type { SealIdentity } from './artifact-seal.js';
import { digestSource, memorySource, withFileSource, type ChunkSource } from './artifact-source.js';
import { encodeArtifact } from './artifact-write.js';
import type { ObjectBody, ObjectDriver } from './driver.js';
import { IN_ONE_GO_BYTES, readWhole } from './object-reader.js';

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
  const context: ArtifactContext = { driver, keys, now, trustedChunks: new Map(), met: new Set() };
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

/**
 * Stores under the first epoch that is neither erased nor taken; there already means: there and opens.
 * Bytes that this process has not met are written at once: whether they are there is told by the
 * store's answer, which is one request less than to ask before. Of many bytes the first are looked at.
 */
async function store(
  context: ArtifactContext,
  source: ChunkSource,
  options: PutOptions,
): Promise<ArtifactRef> {
  const { class: artifactClass, mediaType, project } = options;
  const digests = await digestSource(source);
  const { digest } = digests;
  const ref = { digest, class: artifactClass, mediaType, sizeBytes: source.sizeBytes };
  for (let epoch = 0, looked = false; ;) {
    const identity = { digest, epoch, class: artifactClass, project };
    const state =
      looked || source.sizeBytes > IN_ONE_GO_BYTES || context.met.has(artifactKey(identity))
        ? await stateOf(context, identity, source.sizeBytes)
        : await absentOrErased(context, identity);
    if (state.is === 'opens') {
      meet(context, identity);
      if (await keepFresh(context, identity, state.modifiedMs)) return ref;
      continue;
    }
    if (state.is === 'erased') {
      epoch += 1;
      continue;
    }
    const encoded = await encodeArtifact(context.keys, identity, mediaType, source, digests);
    const etag = state.is === 'corrupt' ? state.etag : undefined;
    if (await write(context.driver, identity, encoded.body, etag)) {
      meet(context, identity);
      return ref;
    }
    // Something is there: the key drawn here never opens anything. Look at what it is.
    if (encoded.keyId !== undefined) await context.keys.destroy(encoded.keyId);
    looked = true;
  }
}

/** What an object that nobody has looked at is, if it is not there. */
async function absentOrErased(context: ArtifactContext, identity: SealIdentity) {
  return { is: (await hasTombstone(context.driver, identity)) ? 'erased' : 'absent' } as const;
}

/** Some hundred bytes each. */
const MOST_MET = 4096;

function meet({ met }: ArtifactContext, identity: SealIdentity): void {
  met.add(artifactKey(identity));
  const [oldest] = met;
  if (met.size > MOST_MET && oldest !== undefined) met.delete(oldest);
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
