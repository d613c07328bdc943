import { createHash } from 'node:crypto';

/** What was found in texts that come again and again. It holds digests and results, no text. */
export interface TextCache<T> {
  get(text: string): readonly T[] | undefined;
  set(text: string, results: readonly T[]): void;
}

/** Shorter texts are read as fast as they are digested. */
const MIN_CHARS = 24;
/** More results than these are not kept, so that the entries bound the memory. */
const MAX_RESULTS = 32;

const keyOf = (text: string): string =>
  createHash('sha256').update(text, 'utf16le').digest('base64');

/** Keeps the results of the `most` texts used last. */
export function textCache<T>(most: number): TextCache<T> {
  // A Map keeps its keys in the order in which they were put in: the first is the longest unused.
  const entries = new Map<string, readonly T[]>();
  return {
    get(text) {
      if (text.length < MIN_CHARS || entries.size === 0) return undefined;
      const key = keyOf(text);
      const results = entries.get(key);
      if (results === undefined) return undefined;
      entries.delete(key);
      entries.set(key, results);
      return results;
    },
    set(text, results) {
      if (text.length < MIN_CHARS || results.length > MAX_RESULTS) return;
      entries.set(keyOf(text), results);
      const [oldest] = entries.keys();
      if (entries.size > most && oldest !== undefined) entries.delete(oldest);
    },
  };
}
