import { hexOf, type ArtifactClass, type PutOptions } from '../../domain/lineage/index.js';
import { SALT_BYTES } from './artifact-format.js';
import type { SealIdentity } from './artifact-seal.js';
import type { Bucket } from './driver.js';
import { StoreError } from './errors.js';

interface ClassRules {
  readonly bucket: Bucket;
  readonly sealed: boolean;
  readonly salted: boolean;
}

const CLASSES: Readonly<Record<ArtifactClass, ClassRules>> = {
  raw: { bucket: 'data', sealed: true, salted: true },
  vault: { bucket: 'data', sealed: true, salted: true },
  derived: { bucket: 'data', sealed: true, salted: false },
  evidence: { bucket: 'evidence', sealed: false, salted: false },
  public: { bucket: 'data', sealed: false, salted: false },
};

export function bucketOf(artifactClass: ArtifactClass): Bucket {
  return CLASSES[artifactClass].bucket;
}

export function isSealed(artifactClass: ArtifactClass): boolean {
  return CLASSES[artifactClass].sealed;
}

export function isSalted(artifactClass: ArtifactClass): boolean {
  return CLASSES[artifactClass].salted;
}

/**
 * `artifacts/<class>/[<project>/]<first 2 hex>/<hex>.<epoch>`. Sealed artifacts of two projects are
 * two objects even when their bytes are equal: each opens, and is erased, on its own.
 */
export function artifactKey(identity: SealIdentity): string {
  return `artifacts/${tailOf(identity)}`;
}

export function tombstoneKey(identity: SealIdentity): string {
  return `tombstones/${tailOf(identity)}.json`;
}

function tailOf({ class: artifactClass, project, digest, epoch }: SealIdentity): string {
  const hex = hexOf(digest);
  const owner = isSealed(artifactClass) ? `${project}/` : '';
  return `${artifactClass}/${owner}${hex.slice(0, 2)}/${hex}.${String(epoch)}`;
}

/** @throws StoreError STORE_INVALID */
export function checkProject(project: string): void {
  if (/^[a-z0-9][a-z0-9._-]{0,62}$/.test(project)) return;
  throw new StoreError(
    'STORE_INVALID',
    'A project is named by 1 to 63 of a-z, 0-9, dot, underscore and hyphen, the first a letter or digit',
  );
}

/** @throws StoreError STORE_INVALID when the salt is missing, of another size, or given where none belongs */
export function checkPut({ class: artifactClass, project, salt }: PutOptions): void {
  checkProject(project);
  if (isSalted(artifactClass) && salt?.length !== SALT_BYTES) {
    throw new StoreError(
      'STORE_INVALID',
      `An artifact of class ${artifactClass} needs its dataset's salt of ${String(SALT_BYTES)} bytes`,
    );
  }
  if (!isSalted(artifactClass) && salt !== undefined) {
    throw new StoreError('STORE_INVALID', `An artifact of class ${artifactClass} takes no salt`);
  }
}
