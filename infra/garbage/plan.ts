import {
  cutOff,
  garbageOf,
  reach,
  type Ages,
  type KeyService,
} from '../../domain/lineage/index.js';
import {
  readArtifactHeader,
  type ObjectDriver,
  type ShelvedArtifact,
  type StreamingArtifactStore,
} from '../object-store/index.js';
import { Follower, requireWhole, type Dangling, type FollowCache } from './follow.js';
import { heldTargets, type HoldDeps } from './holds.js';
import { takeInventory } from './inventory.js';
import { findStale, type StaleDocuments } from './memo.js';
import { readRoots, type OpenWork } from './roots.js';

export interface GarbageDeps extends HoldDeps {
  readonly driver: ObjectDriver;
  readonly artifacts: Pick<StreamingArtifactStore, 'get' | 'put'>;
  readonly keys: KeyService;
}

export interface PlanOptions extends Pick<Ages, 'graceMs' | 'freshMs'> {
  readonly now: () => number;
  /** Asks for open workflows. What it throws ends the collection before it removed anything. */
  readonly askOpen: () => Promise<OpenWork>;
}

/** What would go, and what is amiss. */
export interface GarbagePlan {
  readonly cutOffMs: number;
  readonly garbage: readonly ShelvedArtifact[];
  readonly stale: StaleDocuments;
  readonly dangling: readonly Dangling[];
  /** Of the data bucket. */
  readonly kept: { readonly count: number; readonly sizeBytes: number };
  readonly openWorkflows: number;
  readonly holds: number;
}

const bytesOf = (artifacts: readonly ShelvedArtifact[]): number =>
  artifacts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

/**
 * Marks what can be reached and lists the rest; changes nothing.
 * @param cache of artifacts that an earlier plan has read
 * @throws GarbageError ROOTS_UNREADABLE; errors of the store, the keys and of `askOpen`
 */
export async function planGarbage(
  deps: GarbageDeps,
  options: PlanOptions,
  cache: FollowCache = new Map(),
): Promise<GarbagePlan> {
  const { driver } = deps;
  const open = await options.askOpen();
  const holds = await heldTargets(deps);
  const inventory = await takeInventory(driver);
  const cutOffMs = cutOff({
    nowMs: options.now(),
    graceMs: options.graceMs,
    freshMs: options.freshMs,
    openSinceMs: open.workflows.map(({ startedMs }) => startedMs),
  });
  const follower = new Follower(deps, inventory, cache);
  const roots = await readRoots({ driver, inventory, holds, open, cutOffMs }, follower);
  const reached = await reach(roots, follower.follow);
  const garbage = garbageOf(inventory.data, reached, cutOffMs);
  const going = new Set(garbage.map(({ digest }) => digest));
  const stays = (digest: string) => inventory.byDigest.has(digest) && !going.has(digest);
  return {
    cutOffMs,
    garbage,
    stale: await findStale(driver, cutOffMs, stays),
    dangling: follower.dangling,
    kept: {
      count: inventory.data.length - garbage.length,
      sizeBytes: bytesOf(inventory.data) - bytesOf(garbage),
    },
    openWorkflows: open.workflows.length,
    holds: holds.length,
  };
}

/** As `planGarbage`, for removing. @throws GarbageError ROOTS_UNREADABLE also for what is missing */
export async function planSweep(
  deps: GarbageDeps,
  options: PlanOptions,
  cache: FollowCache,
): Promise<GarbagePlan> {
  const plan = await planGarbage(deps, options, cache);
  requireWhole(plan.dangling);
  return plan;
}

/** Artifacts of one media type. */
export interface Kind {
  readonly mediaType: string;
  readonly class: ShelvedArtifact['class'];
  readonly count: number;
  readonly sizeBytes: number;
  /** When the oldest was stored or last relied on, RFC 3339. */
  readonly oldest: string;
}

/** What the header of an artifact says that it is; `unreadable` when it does not hold. */
export async function mediaTypeOf(driver: ObjectDriver, shelved: ShelvedArtifact): Promise<string> {
  try {
    return (await readArtifactHeader(driver, shelved))?.mediaType ?? 'unreadable';
  } catch (error) {
    const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ARTIFACT_CORRUPT') return 'unreadable';
    throw error;
  }
}

/** Artifacts by class and media type, the largest share first. */
export function kindsOf(
  typed: readonly { readonly shelved: ShelvedArtifact; readonly mediaType: string }[],
): readonly Kind[] {
  const kinds = new Map<string, Kind>();
  for (const { shelved, mediaType } of typed) {
    const name = `${shelved.class} ${mediaType}`;
    const known = kinds.get(name);
    const stored = new Date(shelved.modifiedMs).toISOString();
    kinds.set(name, {
      mediaType,
      class: shelved.class,
      count: (known?.count ?? 0) + 1,
      sizeBytes: (known?.sizeBytes ?? 0) + shelved.sizeBytes,
      oldest: known === undefined || stored < known.oldest ? stored : known.oldest,
    });
  }
  return [...kinds.values()].sort((a, b) => b.sizeBytes - a.sizeBytes);
}
