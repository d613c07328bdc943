import type { Digest } from '../../domain/lineage/index.js';
import {
  parseArtifactKey,
  shelvedArtifacts,
  type ObjectDriver,
  type ShelvedArtifact,
} from '../object-store/index.js';

/** Every artifact that the store holds, as its two buckets list them. */
export interface Inventory {
  /** Of the data bucket: what may be garbage. */
  readonly data: readonly ShelvedArtifact[];
  /** Of both buckets. One digest may be of several artifacts: of projects, classes, epochs. */
  readonly byDigest: ReadonlyMap<Digest, readonly ShelvedArtifact[]>;
  /** Digests of artifacts whose keys were destroyed on purpose. */
  readonly erased: ReadonlySet<Digest>;
}

export async function takeInventory(driver: ObjectDriver): Promise<Inventory> {
  const data: ShelvedArtifact[] = [];
  const byDigest = new Map<Digest, ShelvedArtifact[]>();
  for (const bucket of ['data', 'evidence'] as const) {
    for await (const shelved of shelvedArtifacts(driver, bucket)) {
      const known = byDigest.get(shelved.digest);
      if (known === undefined) byDigest.set(shelved.digest, [shelved]);
      else known.push(shelved);
      if (bucket === 'data') data.push(shelved);
    }
  }
  const erased = new Set<Digest>();
  for await (const key of driver.list('data', 'tombstones/')) {
    const named = parseArtifactKey(key);
    if (named !== undefined) erased.add(named.digest);
  }
  return { data, byDigest, erased };
}
