import { kindOf, type EntityKind } from '../../../policies/index.js';
import type { EntityType } from '../types.js';

/** A value to be removed. */
export interface Found {
  readonly type: EntityType;
  readonly value: string;
}

const WORDED: ReadonlySet<EntityKind> = new Set([
  'person',
  'organization',
  'place',
  'address',
  'email',
  'url',
  'username',
  'date',
  'secret',
  'statement',
]);

/** One form for all ways of writing a value: names in lower case, numbers without separators. */
export function canonicalOf({ type, value }: Found): string {
  const lower = value.normalize('NFKC').toLowerCase();
  if (WORDED.has(kindOf(type))) return lower.trim().replace(/\s+/g, ' ');
  return lower.replace(/[^\p{L}\p{N}]/gu, '');
}

const WORD = /\p{L}[\p{L}\p{M}]*/gu;
/** Wholes that one word may belong to; more are hostile input, which must not cost its square. */
const MAX_WHOLES = 8;

const wordsOf = (canonical: string): string[] => canonical.match(WORD) ?? [];

/** Which of a record's values mean the same. */
export interface Identities {
  /** Words of the record's names, in lower case. */
  readonly known: ReadonlySet<string>;
  /** The value's canonical form; of a part of one name of the record, that of the whole name. */
  of(found: Found): string;
}

/** The names of persons by each of their words. */
function wholesByWord(found: readonly Found[]): Map<string, Set<string>> {
  const index = new Map<string, Set<string>>();
  for (const one of found) {
    if (one.type !== 'PERSON') continue;
    const canonical = canonicalOf(one);
    const words = wordsOf(canonical);
    if (words.length < 2) continue;
    for (const word of words) {
      const wholes = index.get(word) ?? new Set<string>();
      index.set(word, wholes);
      if (wholes.size < MAX_WHOLES) wholes.add(canonical);
    }
  }
  return index;
}

/**
 * Tells which of a record's values mean the same: `doe` and `DOE`; `Doe`, `Does` and `John Doe`
 * where one name alone has this word. A part of two names stays a value of its own.
 */
export function identify(found: readonly Found[]): Identities {
  const wholes = wholesByWord(found);
  const named = found.filter(({ type }) =>
    ['person', 'organization', 'place'].includes(kindOf(type)),
  );
  const known = new Set(named.flatMap((one) => wordsOf(canonicalOf(one))));
  const stemOf = (word: string): string =>
    word.endsWith('s') && !wholes.has(word) && wholes.has(word.slice(0, -1))
      ? word.slice(0, -1)
      : word;
  return {
    known,
    of: (one) => {
      const canonical = canonicalOf(one);
      const words = wordsOf(canonical);
      const [word] = words;
      if (one.type !== 'PERSON' || word === undefined || words.length > 1) return canonical;
      const having = wholes.get(stemOf(word));
      const [whole] = having ?? [];
      return whole !== undefined && having?.size === 1 ? whole : canonical;
    },
  };
}
