import { LineageError, type KeyService } from '../../domain/lineage/index.js';
import type { ArtifactRef } from '../../schemas/index.js';
import { artifactKey, bucketOf, checkProject, tombstoneKey } from './artifact-names.js';
import { openArtifact, verifyWhole, type OpenedArtifact } from './artifact-read.js';
import type { SealIdentity } from './artifact-seal.js';
import type { ObjectDriver } from './driver.js';
import { readByRanges, readerFor, type ObjectReader } from './object-reader.js';

export interface ArtifactContext {
  readonly driver: ObjectDriver;
  readonly keys: KeyService;
  readonly now: () => Date;
  /** Digest -> chunk digests of unsealed artifacts that this process has hashed as a whole. */
  readonly trustedChunks: Map<string, string>;
  /** Objects that this process stored or met last: a put of the same bytes looks before it writes. */
  readonly met: Set<string>;
}

type Read = (
  driver: ObjectDriver,
  bucket: 'evidence' | 'data',
  key: string,
) => Promise<ObjectReader | undefined>;

export function isLineageError(error: unknown, code: LineageError['code']): boolean {
  return error instanceof LineageError && error.code === code;
}

/**
 * Opens the artifact under the first epoch that was not erased.
 * @throws LineageError ARTIFACT_MISSING, ARTIFACT_ERASED, ARTIFACT_CORRUPT, KEY_UNAVAILABLE
 */
export async function locate(
  context: ArtifactContext,
  ref: ArtifactRef,
  project: string,
  read: Read = readByRanges,
): Promise<OpenedArtifact> {
  checkProject(project);
  for (let epoch = 0; ; epoch += 1) {
    const identity = { digest: ref.digest, epoch, class: ref.class, project };
    const reader = await read(context.driver, bucketOf(ref.class), artifactKey(identity));
    if (reader !== undefined) {
      const opened = await openUnlessErased(reader, identity, ref.sizeBytes, context.keys);
      if (opened !== undefined) return opened;
    } else if (!(await hasTombstone(context.driver, identity))) {
      throw epoch === 0 ? missing(ref, project) : erased(ref);
    }
  }
}

export type ArtifactState =
  | { readonly is: 'opens'; readonly modifiedMs: number; readonly keyId: string | undefined }
  | { readonly is: 'erased' | 'absent' }
  | { readonly is: 'corrupt'; readonly etag: string };

/** What is stored under one epoch. A corrupt object of evidence is an error: it may not be replaced. */
export async function stateOf(
  context: ArtifactContext,
  identity: SealIdentity,
  sizeBytes: number,
): Promise<ArtifactState> {
  const { driver, keys } = context;
  const read = readerFor(sizeBytes);
  const reader = await read(driver, bucketOf(identity.class), artifactKey(identity));
  if (reader === undefined) {
    return { is: (await hasTombstone(driver, identity)) ? 'erased' : 'absent' };
  }
  try {
    const opened = await openUnlessErased(reader, identity, sizeBytes, keys);
    if (opened === undefined) return { is: 'erased' };
    await verifyWhole(opened);
    return { is: 'opens', modifiedMs: opened.modifiedMs, keyId: opened.header.key?.keyId };
  } catch (error) {
    const replaceable = isLineageError(error, 'ARTIFACT_CORRUPT') && identity.class !== 'evidence';
    if (replaceable) return { is: 'corrupt', etag: reader.etag };
    throw error;
  }
}

/** A destroyed key without a tombstone is an erasure that was interrupted: it counts. */
async function openUnlessErased(
  reader: ObjectReader,
  identity: SealIdentity,
  sizeBytes: number,
  keys: KeyService,
): Promise<OpenedArtifact | undefined> {
  try {
    return await openArtifact(reader, identity, sizeBytes, keys);
  } catch (error) {
    if (isLineageError(error, 'ARTIFACT_ERASED')) return undefined;
    throw error;
  }
}

export async function hasTombstone(driver: ObjectDriver, identity: SealIdentity): Promise<boolean> {
  // Evidence cannot be erased.
  if (identity.class === 'evidence') return false;
  return (await driver.stat('data', tombstoneKey(identity))) !== undefined;
}

export function missing(ref: ArtifactRef, project: string): LineageError {
  return new LineageError(
    'ARTIFACT_MISSING',
    `Project ${project} has no artifact ${ref.digest} of class ${ref.class}. Check the project, the store's address and the digest.`,
  );
}

function erased(ref: ArtifactRef): LineageError {
  return new LineageError(
    'ARTIFACT_ERASED',
    `Artifact ${ref.digest} was erased: its key is destroyed, only the digest is left.`,
  );
}
