/** What was made last, by key: the one unused for longest goes first. */
interface Recent<V> {
  /** What is kept under the key, else what `make` gives. What `make` throws is not kept. */
  of(key: string, make: () => V): V;
  forget(key: string): void;
}

/** Keeps so many things that steps make again and again from the same, such as a policy's patterns. */
export function keepRecent<V>(most: number): Recent<V> {
  // A Map keeps its keys in the order in which they were put in.
  const kept = new Map<string, V>();
  return {
    of(key, make) {
      const value = kept.has(key) ? (kept.get(key) as V) : make();
      kept.delete(key);
      kept.set(key, value);
      const [oldest] = kept.keys();
      if (kept.size > most && oldest !== undefined) kept.delete(oldest);
      return value;
    },
    forget: (key) => void kept.delete(key),
  };
}
