import { createHash } from 'node:crypto';

/** Who may use a value: each belongs to exactly one of the four. */
export const USES = ['pretraining', 'sample', 'holdout', 'canary'] as const;
export type Use = (typeof USES)[number];

/** Form under which a value counts as the same value: case, accents' encoding and punctuation aside. */
export function normalizeValue(value: string): string {
  return value
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}@]+/gu, '');
}

/** The use that a value belongs to: SHA-256 of its normal form, modulo 4. */
export function poolOf(value: string): Use {
  const first = createHash('sha256').update(normalizeValue(value)).digest()[0] ?? 0;
  return USES[first % USES.length] ?? 'pretraining';
}

const filtered = new Map<readonly string[], Map<Use, readonly string[]>>();

/** Those of the list that belong to the use. */
export function ofPool(list: readonly string[], use: Use): readonly string[] {
  const byUse = filtered.get(list) ?? new Map<Use, readonly string[]>();
  filtered.set(list, byUse);
  const kept = byUse.get(use) ?? list.filter((value) => poolOf(value) === use);
  byUse.set(use, kept);
  return kept;
}

const MAX_TRIES = 1000;

/** Draws until a value of the use comes; one draw in four does. */
export function drawForUse(use: Use, candidate: () => string): string {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const value = candidate();
    if (poolOf(value) === use) return value;
  }
  throw new RangeError(
    `no value of pool ${use} in ${String(MAX_TRIES)} draws: its range is too small`,
  );
}
