import type { ArtifactRef, ArtifactTable } from '../../schemas/index.js';

/** The references of one entry of a table; an absent entry has none. */
export function refsOf(
  value: ArtifactRef | readonly ArtifactRef[] | undefined,
): readonly ArtifactRef[] {
  return value === undefined ? [] : [value].flat();
}

export function flattenRefs(table: ArtifactTable): ArtifactRef[] {
  return Object.values(table).flat();
}
