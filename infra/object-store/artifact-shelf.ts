import {
  LineageError,
  type ArtifactClass,
  type KeyService,
  type WrappedKey,
} from '../../domain/lineage/index.js';
import { decodeHeader, headerEnd, type ArtifactHeader } from './artifact-format.js';
import { isLineageError } from './artifact-locate.js';
import { artifactKey, isSealed } from './artifact-names.js';
import { unwrapKey } from './artifact-read.js';
import type { SealIdentity } from './artifact-seal.js';
import type { Bucket, ObjectDriver, ObjectEntry } from './driver.js';

/** The object of an artifact, as its name says: design.md, "Artifacts". */
export interface ShelvedArtifact extends ObjectEntry {
  readonly bucket: Bucket;
  readonly class: ArtifactClass;
  /** Of a sealed one; the others belong to no project. */
  readonly project?: string;
  readonly digest: string;
  readonly epoch: number;
}

const NAME =
  /^(?:artifacts|tombstones)\/(raw|vault|derived|evidence|public)\/(?:([^/]+)\/)?[0-9a-f]{2}\/([0-9a-f]{64})\.(\d+)(?:\.json)?$/;

/** The artifact that an object's or a tombstone's key names; undefined when it names none. */
export function parseArtifactKey(
  key: string,
): Pick<ShelvedArtifact, 'class' | 'project' | 'digest' | 'epoch'> | undefined {
  const [, kind, project, hex, epoch] = NAME.exec(key) ?? [];
  if (kind === undefined || hex === undefined) return undefined;
  const artifactClass = kind as ArtifactClass;
  if (isSealed(artifactClass) !== (project !== undefined)) return undefined;
  return {
    class: artifactClass,
    ...(project === undefined ? {} : { project }),
    digest: `sha256:${hex}`,
    epoch: Number(epoch),
  };
}

/** Every artifact of a bucket; what only looks like one is passed over. */
export async function* shelvedArtifacts(
  driver: ObjectDriver,
  bucket: Bucket,
): AsyncGenerator<ShelvedArtifact> {
  for await (const entry of driver.entries(bucket, 'artifacts/')) {
    const named = parseArtifactKey(entry.key);
    if (named !== undefined) yield { ...entry, ...named, bucket };
  }
}

const FIRST_BYTES = 4096;

/**
 * The header of an artifact's object, its checksum verified; undefined when the object is gone.
 * @throws LineageError ARTIFACT_CORRUPT
 */
export async function readArtifactHeader(
  driver: ObjectDriver,
  { bucket, key, digest }: Pick<ShelvedArtifact, 'bucket' | 'key' | 'digest'>,
): Promise<ArtifactHeader | undefined> {
  const first = await driver.getRange(bucket, key, 0, FIRST_BYTES);
  if (first === undefined) return undefined;
  const end = headerEnd(first.bytes);
  if (end === undefined) {
    throw new LineageError('ARTIFACT_CORRUPT', `Artifact ${digest} is corrupt: it has no header.`);
  }
  const whole = end <= first.bytes.length ? first : await driver.getRange(bucket, key, 0, end);
  return whole && decodeHeader(whole.bytes.subarray(0, end), digest);
}

/** What became of an artifact that was to be removed. */
export type Discarded = 'removed' | 'gone' | 'relied-on';

/**
 * Removes the object of an artifact and destroys its data key, unless somebody has relied on it
 * since it was listed. No tombstone is left: the same bytes may be stored again as if for the first
 * time. Only for objects of `data`.
 */
export async function discardArtifact(
  { driver, keys }: { readonly driver: ObjectDriver; readonly keys: KeyService },
  shelved: ShelvedArtifact,
): Promise<Discarded> {
  const { key, modifiedMs } = shelved;
  if (shelved.bucket !== 'data' || key !== artifactKey(identityOf(shelved))) {
    throw new LineageError('ARTIFACT_NOT_NAMED', `${key} is no artifact of the data bucket`);
  }
  const wrapped = await keyOf(driver, shelved);
  const found = await driver.stat('data', key);
  if (found === undefined) return 'gone';
  // A listing may have fractions of a second where a single object has none.
  if (Math.floor(found.modifiedMs / 1000) > Math.floor(modifiedMs / 1000)) return 'relied-on';
  await driver.remove('data', key);
  if (wrapped !== undefined) await destroyKey(keys, wrapped, identityOf(shelved));
  return 'removed';
}

const identityOf = ({
  class: kind,
  project = '',
  digest,
  epoch,
}: ShelvedArtifact): SealIdentity => ({ class: kind, project, digest, epoch });

/** A corrupt header names no key that could be trusted to be this artifact's own. */
async function keyOf(
  driver: ObjectDriver,
  shelved: ShelvedArtifact,
): Promise<WrappedKey | undefined> {
  try {
    return (await readArtifactHeader(driver, shelved))?.key;
  } catch (error) {
    if (isLineageError(error, 'ARTIFACT_CORRUPT')) return undefined;
    throw error;
  }
}

const NOT_OURS = ['ARTIFACT_CORRUPT', 'ARTIFACT_ERASED', 'KEY_UNAVAILABLE'] as const;

async function destroyKey(
  keys: KeyService,
  wrapped: WrappedKey,
  identity: SealIdentity,
): Promise<void> {
  try {
    // Opening proves that the key is this artifact's own: a forged header must not destroy another's.
    await unwrapKey(keys, wrapped, identity);
    await keys.destroy(wrapped.keyId);
  } catch (error) {
    if (!NOT_OURS.some((code) => isLineageError(error, code))) throw error;
  }
}
