import type { Digest } from './digest.js';

/** Follows at most so many digests at a time. */
const WIDTH = 16;

/**
 * Every digest that can be reached from the roots, these included. `follow` is asked once for each.
 * What it throws ends the search: a part of what is reachable must never be taken for all of it.
 */
export async function reach(
  roots: Iterable<Digest>,
  follow: (digest: Digest) => Promise<Iterable<Digest>>,
): Promise<ReadonlySet<Digest>> {
  const reached = new Set(roots);
  let front = [...reached];
  while (front.length > 0) {
    const next: Digest[] = [];
    for (let at = 0; at < front.length; at += WIDTH) {
      const found = await Promise.all(front.slice(at, at + WIDTH).map(follow));
      for (const digest of found.flatMap((digests) => [...digests])) {
        if (reached.has(digest)) continue;
        reached.add(digest);
        next.push(digest);
      }
    }
    front = next;
  }
  return reached;
}

/** Times that decide what is old enough to go, all in milliseconds. */
export interface Ages {
  readonly nowMs: number;
  /** Nothing younger than this goes. */
  readonly graceMs: number;
  /** When each workflow that is open began. */
  readonly openSinceMs: readonly number[];
  /** What a run relies on was stored or freshened at most so long before. */
  readonly freshMs: number;
}

/**
 * What was stored or relied on at this time or later stays, reached or not, with all that it refers
 * to: open workflows may rely on it without having written so down.
 */
export function cutOff({ nowMs, graceMs, openSinceMs, freshMs }: Ages): number {
  return Math.min(nowMs - graceMs, ...openSinceMs.map((since) => since - freshMs));
}

export interface Aged {
  readonly digest: Digest;
  readonly modifiedMs: number;
}

/** What is neither young nor reached. */
export function garbageOf<T extends Aged>(
  stored: readonly T[],
  reached: ReadonlySet<Digest>,
  cutOffMs: number,
): readonly T[] {
  return stored.filter(({ digest, modifiedMs }) => modifiedMs < cutOffMs && !reached.has(digest));
}
