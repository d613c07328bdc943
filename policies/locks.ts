import { leavesOf } from './diff.js';
import { mergeJson } from './json.js';
import type { ParsedPolicy } from './parse.js';
import { stricterOf } from './strictness.js';

/** A setting that a pack tries to change although a parent locked it. */
export interface BrokenLock {
  readonly pointer: string;
  /** The pack that changes it. */
  readonly by: ParsedPolicy;
  /** The pack that locked it. */
  readonly lockedBy: string;
}

/**
 * Changes of locked settings. A pack may make a locked setting stricter where the table of
 * directions says so; where it says nothing, a locked setting may not change at all.
 * @param chain the pack and its parents, nearest first
 */
export function findBrokenLocks(chain: readonly ParsedPolicy[]): readonly BrokenLock[] {
  const broken: BrokenLock[] = [];
  const locks = new Map<string, string>();
  let base: unknown = {};
  for (const pack of chain.toReversed()) {
    const before = leavesOf(base as object);
    base = mergeJson(base, pack.document);
    const after = leavesOf(base as object);
    for (const pointer of leavesOf(pack.document).keys()) {
      const lockedBy = lockOver(pointer, locks);
      const value = after.get(pointer);
      if (lockedBy === undefined || same(before.get(pointer), value)) continue;
      if (stricterOf(pointer, before.get(pointer), value) === 'right') continue;
      broken.push({ pointer, by: pack, lockedBy });
    }
    for (const pointer of pack.document.locked ?? []) {
      if (!locks.has(pointer)) locks.set(pointer, pack.document.name);
    }
  }
  return broken;
}

function lockOver(pointer: string, locks: ReadonlyMap<string, string>): string | undefined {
  for (const [locked, name] of locks) {
    const inside = `${pointer}/`.startsWith(`${locked}/`);
    if (inside || locked.startsWith(`${pointer}/`)) return name;
  }
  return undefined;
}

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
