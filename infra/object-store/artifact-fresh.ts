import type { ArtifactContext } from './artifact-locate.js';
import { artifactKey, bucketOf } from './artifact-names.js';
import type { SealIdentity } from './artifact-seal.js';

/**
 * An artifact that a run relies on counts as stored now when it is older than this: garbage
 * collection, which takes nothing that is younger than its grace, cannot take it from under a run
 * that has not yet written down that it uses it.
 */
export const FRESH_MS = 3_600_000;

/** Makes an artifact that is about to be relied on count as stored now; false when it is gone. */
export async function keepFresh(
  { driver, now }: ArtifactContext,
  identity: SealIdentity,
  modifiedMs: number,
): Promise<boolean> {
  if (bucketOf(identity.class) === 'evidence') return true;
  if (now().getTime() - modifiedMs < FRESH_MS) return true;
  return driver.freshen(artifactKey(identity));
}
