import { canonicalBytes } from '../../domain/lineage/index.js';
import type { ArtifactRef } from '../../schemas/index.js';
import { hasTombstone, isLineageError, missing, type ArtifactContext } from './artifact-locate.js';
import { artifactKey, bucketOf, checkProject, tombstoneKey } from './artifact-names.js';
import { readHeader, unwrapKey } from './artifact-read.js';
import type { SealIdentity } from './artifact-seal.js';
import { StoreError } from './errors.js';
import { readByRanges, type ObjectReader } from './object-reader.js';

/**
 * Destroys the data key, leaves a tombstone, removes the object: in this order, so that an erasure
 * that is cut short is either not begun or can be finished by calling again. `reason` is kept in
 * clear: a reference to a request, never a person's name.
 * @throws StoreError STORE_WRITE_ONCE for evidence; LineageError ARTIFACT_MISSING, ARTIFACT_CORRUPT, KEY_UNAVAILABLE
 */
export async function eraseArtifact(
  context: ArtifactContext,
  ref: ArtifactRef,
  project: string,
  reason: string,
): Promise<void> {
  checkProject(project);
  const bucket = bucketOf(ref.class);
  if (bucket === 'evidence') {
    throw new StoreError(
      'STORE_WRITE_ONCE',
      `Artifact ${ref.digest} is evidence, which cannot be erased; it never holds the text of a record`,
    );
  }
  for (let epoch = 0; ; epoch += 1) {
    const identity = { digest: ref.digest, epoch, class: ref.class, project };
    const reader = await readByRanges(context.driver, bucket, artifactKey(identity));
    if (reader === undefined) {
      if (await hasTombstone(context.driver, identity)) continue;
      if (epoch === 0) throw missing(ref, project);
      return;
    }
    const keyId = await destroyKey(context, reader, identity, ref.sizeBytes);
    const tombstone = {
      version: 1,
      ...identity,
      keyId,
      reason,
      erasedAt: context.now().toISOString(),
    };
    await context.driver.putIfAbsent('data', tombstoneKey(identity), canonicalBytes(tombstone));
    await context.driver.remove(bucket, artifactKey(identity));
  }
}

async function destroyKey(
  { keys }: ArtifactContext,
  reader: ObjectReader,
  identity: SealIdentity,
  sizeBytes: number,
): Promise<string | undefined> {
  const { header } = await readHeader(reader, identity, sizeBytes);
  if (header.key === undefined) return undefined;
  try {
    // Opening proves that this key is this artifact's own: a forged header must not destroy another's.
    await unwrapKey(keys, header.key, identity);
  } catch (error) {
    if (!isLineageError(error, 'ARTIFACT_ERASED')) throw error;
  }
  await keys.destroy(header.key.keyId);
  return header.key.keyId;
}
