import { sha256 } from '../domain/lineage/index.js';
import type { ArtifactRef } from '../schemas/index.js';

/**
 * Small artifacts that the steps of one activity read or store again and again, such as a dataset's
 * secrets or the empty vault of a shard of which nothing was removed: the store is asked once for each.
 * Kept for as long as the activity runs, so that an erasure is noticed by the next.
 */
export interface SmallArtifacts {
  read(ref: ArtifactRef, load: () => Promise<Uint8Array>): Promise<Uint8Array>;
  /** @param kind what the reference depends on beside the bytes */
  put(
    bytes: Uint8Array,
    kind: readonly string[],
    store: () => Promise<ArtifactRef>,
  ): Promise<ArtifactRef>;
}

/** Above it nothing is kept. */
const SMALL_BYTES = 4096;
const MOST = 64;

export function smallArtifacts(): SmallArtifacts {
  const [read, stored] = [onceEach<Uint8Array>(), onceEach<ArtifactRef>()];
  return {
    read: (ref, load) =>
      ref.sizeBytes > SMALL_BYTES
        ? load()
        : read([ref.class, ref.digest, String(ref.sizeBytes)].join(' '), load),
    put: (bytes, kind, store) =>
      bytes.length > SMALL_BYTES ? store() : stored([...kind, sha256(bytes)].join('\0'), store),
  };
}

/** What fails is asked for again. */
function onceEach<T>(): (key: string, ask: () => Promise<T>) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (key, ask) => {
    const present = known.get(key);
    if (present !== undefined) return present;
    const answer = ask();
    if (known.size < MOST) {
      known.set(key, answer);
      answer.catch(() => known.delete(key));
    }
    return answer;
  };
}
