import { reach, referencesIn, type Digest } from '../../domain/lineage/index.js';
import { GarbageError } from './errors.js';
import { Follower, requireWhole } from './follow.js';
import type { HoldTarget } from './holds.js';
import { takeInventory } from './inventory.js';
import type { GarbageDeps } from './plan.js';

async function rootsOfTarget(
  { driver }: GarbageDeps,
  target: HoldTarget,
  follower: Follower,
  has: (digest: Digest) => boolean,
): Promise<ReadonlySet<Digest>> {
  const roots = new Set<Digest>();
  if (target.kind === 'artifact') {
    if (has(target.digest)) roots.add(target.digest);
    return roots;
  }
  for await (const { key } of driver.entries('evidence', `evidence/runs/${target.runId}/`)) {
    const document = await driver.get('evidence', key);
    if (document === undefined) continue;
    const from = `run ${target.runId}`;
    for (const digest of follower.root(referencesIn(document.bytes), from)) roots.add(digest);
  }
  return roots;
}

/**
 * That what a hold names is there and leads on: a hold on what cannot be followed would stop every
 * collection from then on and protect nothing.
 * @throws GarbageError HOLD_INVALID, ROOTS_UNREADABLE
 */
export async function assertHoldable(deps: GarbageDeps, target: HoldTarget): Promise<void> {
  const inventory = await takeInventory(deps.driver);
  const follower = new Follower(deps, inventory, new Map());
  const has = (digest: Digest): boolean => inventory.byDigest.has(digest);
  const roots = await rootsOfTarget(deps, target, follower, has);
  if (roots.size === 0) {
    throw new GarbageError(
      'HOLD_INVALID',
      target.kind === 'artifact'
        ? `the store has no artifact ${target.digest}, so there is nothing to hold`
        : `there is no evidence of run ${target.runId}, so there is nothing to hold; "custos runs" lists them`,
    );
  }
  await reach(roots, follower.follow);
  requireWhole(follower.dangling);
}
