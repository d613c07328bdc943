import { hash } from 'node:crypto';

/** What was found in texts that come again and again. It holds digests and results, no text. */
export interface TextCache<T> {
  /** What is known of a text, and where to put what was found in it. */
  entry(text: string): TextEntry<T>;
}

export interface TextEntry<T> {
  readonly results: readonly T[] | undefined;
  keep(results: readonly T[]): void;
}

/** Shorter texts are read as fast as they are digested. */
const MIN_CHARS = 24;
/** More results than these are not kept, so that the entries bound the memory. */
const MAX_RESULTS = 32;

const keyOf = (text: string): string => hash('sha256', Buffer.from(text, 'utf16le'), 'base64');

/** Keeps the results of the `most` texts used last. */
export function textCache<T>(most: number): TextCache<T> {
  // A Map keeps its keys in the order in which they were put in: the first is the longest unused.
  const entries = new Map<string, readonly T[]>();
  const put = (key: string, results: readonly T[]): void => {
    if (results.length > MAX_RESULTS) return;
    entries.set(key, results);
    const [oldest] = entries.keys();
    if (entries.size > most && oldest !== undefined) entries.delete(oldest);
  };
  return {
    entry(text) {
      if (text.length < MIN_CHARS) return { results: undefined, keep: () => undefined };
      const key = keyOf(text);
      const results = entries.get(key);
      if (results !== undefined) {
        entries.delete(key);
        entries.set(key, results);
      }
      return {
        results,
        keep: (made) => {
          put(key, made);
        },
      };
    },
  };
}
