import { setTimeout as delay } from 'node:timers/promises';
import type { Signer } from '../../domain/lineage/index.js';
import {
  discardArtifact,
  openDocumentStore,
  withLease,
  type ShelvedArtifact,
} from '../object-store/index.js';
import type { FollowCache } from './follow.js';
import type { StaleDocuments } from './memo.js';
import {
  kindsOf,
  mediaTypeOf,
  planSweep,
  type GarbageDeps,
  type GarbagePlan,
  type Kind,
  type PlanOptions,
} from './plan.js';
import { newSweepId, recordSweep, type TypedArtifact } from './sweep-record.js';

export interface CollectOptions extends PlanOptions {
  readonly dryRun: boolean;
  /** Account and machine, for the record. */
  readonly by: string;
  /** Signs the record of what is removed. */
  readonly signer: Signer;
  /** Between the last stored result that went and the second look; default 10 s, in milliseconds. */
  readonly settleMs?: number;
}

/** What a collection did, or would do. */
export interface Collection {
  readonly dryRun: boolean;
  /** RFC 3339. */
  readonly cutOff: string;
  readonly kinds: readonly Kind[];
  readonly artifacts: number;
  readonly sizeBytes: number;
  readonly memoEntries: number;
  readonly checkpoints: number;
  /** Relied on since they were marked; still there. */
  readonly spared: number;
  readonly kept: GarbagePlan['kept'];
  readonly openWorkflows: number;
  readonly holds: number;
  /** Of a collection that removed something. */
  readonly sweepId?: string;
}

const AT_ONCE = 8;
const LEASE = { ttlMs: 30_000, waitMs: 1_000 };

async function inGroups<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(work))));
  }
  return results;
}

function typed(
  { driver }: GarbageDeps,
  garbage: readonly ShelvedArtifact[],
): Promise<TypedArtifact[]> {
  return inGroups(garbage, async (shelved) => ({
    shelved,
    mediaType: await mediaTypeOf(driver, shelved),
  }));
}

async function drop({ driver }: GarbageDeps, { memo, checkpoints }: StaleDocuments): Promise<void> {
  await inGroups([...memo, ...checkpoints], (key) => driver.remove('data', key));
}

function report(
  plan: GarbagePlan,
  going: readonly TypedArtifact[],
  rest: Pick<Collection, 'dryRun' | 'spared'> & { readonly sweepId?: string },
): Collection {
  return {
    ...rest,
    cutOff: new Date(plan.cutOffMs).toISOString(),
    kinds: kindsOf(going),
    artifacts: going.length,
    sizeBytes: going.reduce((sum, { shelved }) => sum + shelved.sizeBytes, 0),
    memoEntries: plan.stale.memo.length,
    checkpoints: plan.stale.checkpoints.length,
    kept: plan.kept,
    openWorkflows: plan.openWorkflows,
    holds: plan.holds,
  };
}

/**
 * Looks twice. Stored results whose outputs would go are dropped after the first look, so that no
 * run can find them any more; what a run found before is young or written down by the second. Only
 * what both looks call garbage goes, and of that nothing that was relied on meanwhile.
 */
async function sweep(
  deps: GarbageDeps,
  options: CollectOptions,
  first: GarbagePlan,
  cache: FollowCache,
  assertHeld: () => void,
): Promise<Collection> {
  await drop(deps, first.stale);
  await delay(options.settleMs ?? 10_000);
  const second = await planSweep(deps, options, cache);
  const before = new Set(first.garbage.map(({ key }) => key));
  const going = await typed(
    deps,
    second.garbage.filter(({ key }) => before.has(key)),
  );
  const summary = { ...second, stale: first.stale };
  if (going.length === 0) return report(summary, going, { dryRun: false, spared: 0 });
  const sweepId = newSweepId(options.now(), deps.randomBytes);
  const facts = { ...options, sweepId, cutOffMs: second.cutOffMs };
  await recordSweep(deps, facts, going, { phase: 'ordered' });
  const outcomes = await inGroups(going, async (one) => {
    assertHeld();
    return { ...one, outcome: await discardArtifact(deps, one.shelved) };
  });
  const spared = outcomes.filter(({ outcome }) => outcome === 'relied-on');
  await recordSweep(deps, facts, going, {
    phase: 'done',
    spared: spared.map(({ shelved }) => shelved.digest),
    memoEntries: first.stale.memo.length,
    checkpoints: first.stale.checkpoints.length,
  });
  const gone = outcomes.filter(({ outcome }) => outcome !== 'relied-on');
  return report(summary, gone, { dryRun: false, spared: spared.length, sweepId });
}

/** Runs `work` while no other collection runs and nobody places a hold. @throws StoreError STORE_LEASED */
export function withGarbageLease<T>(
  { driver }: Pick<GarbageDeps, 'driver'>,
  owner: string,
  work: (assertHeld: () => void) => Promise<T>,
): Promise<T> {
  const leases = openDocumentStore(driver, 'data', 'leases');
  return withLease(leases, 'garbage', { ...LEASE, owner }, (lease) =>
    work(() => {
      lease.assertHeld();
    }),
  );
}

/**
 * Mark and sweep over the data bucket. When anything that decides what stays cannot be read or
 * asked, it throws and has removed no artifact.
 * @throws GarbageError ROOTS_UNREADABLE; StoreError; LineageError; what `askOpen` throws
 */
export function collectGarbage(deps: GarbageDeps, options: CollectOptions): Promise<Collection> {
  return withGarbageLease(deps, options.by, async (assertHeld) => {
    const cache: FollowCache = new Map();
    const first = await planSweep(deps, options, cache);
    if (!options.dryRun) return sweep(deps, options, first, cache, assertHeld);
    return report(first, await typed(deps, first.garbage), { dryRun: true, spared: 0 });
  });
}
