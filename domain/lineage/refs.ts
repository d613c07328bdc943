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

/** Artifacts that an execution put or read as a whole, by class and digest. */
export interface StoredRefs {
  add(ref: ArtifactRef): void;
  has(ref: ArtifactRef): boolean;
}

export function storedRefs(): StoredRefs {
  const known = new Set<string>();
  const nameOf = ({ class: artifactClass, digest, sizeBytes }: ArtifactRef): string =>
    `${artifactClass} ${digest} ${String(sizeBytes)}`;
  return {
    add: (ref) => void known.add(nameOf(ref)),
    has: (ref) => known.has(nameOf(ref)),
  };
}
