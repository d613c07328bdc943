/**
 * `work` on every item, so many at once; results in the order of the items. After a failure nothing
 * new begins, and the error leaves only when all that had begun has ended.
 */
export async function inLanes<T, R>(
  lanes: number,
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < items.length && failures.length === 0; at = next++) {
      try {
        results[at] = await work(items[at] as T, at);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (failures.length > 0) throw failures[0];
  return results;
}

/** Puts under way at once behind a step that makes one artifact after the other. */
export const PUTS_AT_ONCE = 4;

/** Work that goes on behind its caller, in order of results. */
interface Backlog<R> {
  /** Begins `work`; waits while as much as may be under way is. @throws what an earlier one threw */
  add(work: () => Promise<R>): Promise<void>;
  /** All results, in the order in which they were added. @throws what one of them threw */
  finish(): Promise<R[]>;
}

/** So many pieces of work at once behind a producer, such as puts of what it makes. */
export function openBacklog<R>(most: number): Backlog<R> {
  const results: R[] = [];
  const failures: unknown[] = [];
  const running = new Set<Promise<void>>();
  let added = 0;
  const settle = (): void => {
    if (failures.length > 0) throw failures[0];
  };
  return {
    async add(work) {
      while (running.size >= most) await Promise.race(running);
      settle();
      const at = added++;
      const run: Promise<void> = work()
        .then(
          (result) => {
            results[at] = result;
          },
          (error: unknown) => {
            failures.push(error);
          },
        )
        .finally(() => running.delete(run));
      running.add(run);
    },
    async finish() {
      await Promise.all(running);
      settle();
      return results;
    },
  };
}

/** Shards that are read before their turn. */
export const SHARDS_AHEAD = 3;

/** `load` of every index below `count` in order, the next ones begun while one is worked on. */
export async function* loadAhead<T>(
  count: number,
  ahead: number,
  load: (index: number) => Promise<T>,
): AsyncGenerator<T> {
  const loading: Promise<T>[] = [];
  let next = 0;
  const fill = (): void => {
    while (next < count && loading.length < ahead) {
      const item = load(next++);
      // It is awaited in its turn; until then its failure is not unhandled.
      item.catch(() => undefined);
      loading.push(item);
    }
  };
  fill();
  while (loading.length > 0) {
    yield await (loading.shift() as Promise<T>);
    fill();
  }
}

/** `load` for a reader that mostly asks for one index after the other: the next ones are begun. */
export function readingAhead<T>(
  count: number,
  ahead: number,
  load: (index: number) => Promise<T>,
): (index: number) => Promise<T> {
  const loading = new Map<number, Promise<T>>();
  let expected = 0;
  return (index) => {
    const inOrder = index === expected;
    // What was begun for another place is dropped, and nothing is begun for a reader who jumps.
    if (!inOrder) loading.clear();
    expected = index + 1;
    const last = Math.min(count, index + 1 + (inOrder ? ahead : 0));
    for (let at = index; at < last; at++) {
      if (loading.has(at)) continue;
      const item = load(at);
      item.catch(() => undefined);
      loading.set(at, item);
    }
    const wanted = loading.get(index) ?? load(index);
    loading.delete(index);
    return wanted;
  };
}

/** `load`, of which the first results are kept up to so many bytes, for a reader who comes again. */
export function holding(
  mostBytes: number,
  load: (index: number) => Promise<Uint8Array>,
): (index: number) => Promise<Uint8Array> {
  const held = new Map<number, Uint8Array>();
  let leftBytes = mostBytes;
  return async (index) => {
    const present = held.get(index);
    if (present !== undefined) return present;
    const bytes = await load(index);
    if (bytes.length <= leftBytes && !held.has(index)) {
      held.set(index, bytes);
      leftBytes -= bytes.length;
    }
    return bytes;
  };
}
