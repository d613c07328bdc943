import type { ArtifactStore, KeyService, PutOptions } from '../../domain/lineage/index.js';
import type { ArtifactRef } from '../../schemas/index.js';
import { eraseArtifact } from './artifact-erase.js';
import { locate, type ArtifactContext } from './artifact-locate.js';
import { checkPut } from './artifact-names.js';
import { hasArtifact, readAll, readRange, streamArtifact } from './artifact-pieces.js';
import { putArtifact } from './artifact-put.js';
import { memorySource, withFileSource } from './artifact-source.js';
import type { ObjectDriver } from './driver.js';
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
  const context: ArtifactContext = { driver, keys, now, trustedChunks: new Map(), met: new Set() };
  return {
    async put(bytes, putOptions) {
      checkPut(putOptions);
      return putArtifact(context, memorySource(bytes, putOptions.salt), putOptions);
    },
    async putFile(path, putOptions) {
      checkPut(putOptions);
      return withFileSource(path, putOptions.salt, (source) =>
        putArtifact(context, source, putOptions),
      );
    },
    get: async (ref, project) => readAll(await locate(context, ref, project, readWhole)),
    getRange: (ref, project, offset, length) => readRange(context, ref, project, offset, length),
    stream: (ref, project) => streamArtifact(context, ref, project),
    has: (ref, project) => hasArtifact(context, ref, project),
    erase: (ref, project, reason) => eraseArtifact(context, ref, project, reason),
  };
}
