import type { PutOptions } from '../../domain/lineage/index.js';
import type { ArtifactRef } from '../../schemas/index.js';
import { keepFresh } from './artifact-fresh.js';
import {
  hasTombstone,
  stateOf,
  type ArtifactContext,
  type ArtifactState,
} from './artifact-locate.js';
import { artifactKey, bucketOf } from './artifact-names.js';
import type { SealIdentity } from './artifact-seal.js';
import { digestSource, type ChunkSource } from './artifact-source.js';
import { encodeArtifact } from './artifact-write.js';
import type { ObjectBody, ObjectDriver } from './driver.js';
import { IN_ONE_GO_BYTES } from './object-reader.js';

/** An object of this put in an epoch that turned out to be erased. */
interface Stray {
  readonly identity: SealIdentity;
  readonly keyId: string | undefined;
}

/**
 * Stores under the first epoch that is neither erased nor taken; there already means: there and opens.
 * Bytes that this process has not met are written at once: whether they are there is told by the
 * store's answer, which is one request less than to ask before. Of many bytes the first are looked at.
 *
 * The tombstone is asked for after the write. An erasure leaves it before it removes the object, and
 * only what is removed can be created again: a write into an erased epoch always finds it, whenever
 * the erasure came. Such a write goes on to the next epoch and is taken back last, since somebody may
 * have relied on it meanwhile.
 */
export async function putArtifact(
  context: ArtifactContext,
  source: ChunkSource,
  options: PutOptions,
): Promise<ArtifactRef> {
  const { class: artifactClass, mediaType, project } = options;
  const digests = await digestSource(source);
  const { digest } = digests;
  const strays: Stray[] = [];
  let looks = source.sizeBytes > IN_ONE_GO_BYTES;
  let unused: string | undefined;
  for (let epoch = 0; ;) {
    const identity = { digest, epoch, class: artifactClass, project };
    const state =
      looks || context.met.has(artifactKey(identity))
        ? await lookAt(context, identity, source.sizeBytes, unused)
        : ({ is: 'absent' } as const);
    unused = undefined;
    if (state.is === 'erased') {
      epoch += 1;
      continue;
    }
    if (state.is === 'opens') {
      meet(context, identity);
      if (!(await keepFresh(context, identity, state.modifiedMs))) continue;
      break;
    }
    const { body, keyId } = await encodeArtifact(
      context.keys,
      identity,
      mediaType,
      source,
      digests,
    );
    const etag = state.is === 'corrupt' ? state.etag : undefined;
    const written = await write(context.driver, identity, body, etag);
    if (written) meet(context, identity);
    if (written && !(await hasTombstone(context.driver, identity))) break;
    // Something is there, or was and is erased: now it is looked at.
    looks = true;
    if (written) {
      strays.push({ identity, keyId });
      epoch += 1;
    } else unused = keyId;
  }
  for (const stray of strays) await takeBack(context, stray);
  return { digest, class: artifactClass, mediaType, sizeBytes: source.sizeBytes };
}

/**
 * What is there, and what becomes of the key of a write that found something there. The key is
 * forgotten without a trace only when the object is seen to open with another: a write can have
 * arrived although the answer says that another was faster, as behind a proxy that sends it again.
 */
async function lookAt(
  context: ArtifactContext,
  identity: SealIdentity,
  sizeBytes: number,
  unused: string | undefined,
): Promise<ArtifactState> {
  const { keys } = context;
  let state: ArtifactState | undefined;
  try {
    state = await stateOf(context, identity, sizeBytes);
    return state;
  } finally {
    if (unused !== undefined) {
      if (state?.is !== 'opens') await keys.destroy(unused);
      else if (state.keyId !== unused) await keys.discard(unused);
    }
  }
}

/** The key first, as in an erasure: what is left when this is cut short counts as erased. */
async function takeBack(
  { driver, keys }: ArtifactContext,
  { identity, keyId }: Stray,
): Promise<void> {
  if (keyId !== undefined) await keys.destroy(keyId);
  await driver.remove(bucketOf(identity.class), artifactKey(identity));
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
