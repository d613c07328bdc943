import type { Team } from './team/team.js';

/** The allocator of TensorFlow.js's wasm module. */
export interface Heap {
  _malloc: (bytes: number) => number;
  _free: (at: number) => void;
  readonly asm: {
    readonly malloc: (bytes: number) => number;
    readonly free: (at: number) => void;
  };
}

/**
 * Keeps freed memory from the allocator, which writes into it, while the team may still use it. What
 * is asked for meanwhile is taken from there by size: whatever is started on it comes later.
 */
export function keepUntilSettled(heap: Heap, team: Pick<Team, 'busy' | 'settle'>): void {
  const sizes = new Map<number, number>();
  const kept = new Map<number, number[]>();
  let count = 0;
  const release = () => {
    if (count === 0) return;
    for (const places of kept.values()) for (const at of places.splice(0)) heap.asm.free(at);
    count = 0;
  };
  heap._malloc = (bytes) => {
    if (!team.busy()) release();
    const again = kept.get(bytes)?.pop();
    if (again !== undefined) count -= 1;
    // Above 2 GiB the module's addresses are negative.
    const at = again ?? heap.asm.malloc(bytes) >>> 0;
    sizes.set(at, bytes);
    return at;
  };
  heap._free = (address) => {
    const at = address >>> 0;
    const bytes = sizes.get(at);
    sizes.delete(at);
    // What was allocated by the module itself has a size that is not known.
    if (bytes === undefined) team.settle();
    if (!team.busy()) release();
    if (bytes === undefined || !team.busy()) {
      heap.asm.free(at);
      return;
    }
    const places = kept.get(bytes) ?? [];
    kept.set(bytes, places);
    places.push(at);
    count += 1;
  };
}
