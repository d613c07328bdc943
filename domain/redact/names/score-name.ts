import type { EntityType } from '../types.js';
import type { PlacedTerm } from './compromise-names.js';

type Case = 'title' | 'shout' | 'mixed' | 'lower';

/** How a run of words is written: John Doe, JOHN, John of work, john. */
function caseOf(terms: readonly PlacedTerm[]): Case {
  const words = terms.map(({ text }) => text).filter((text) => /\p{L}/u.test(text));
  const capital = words.filter((word) => /^[^\p{L}]*\p{Lu}/u.test(word)).length;
  if (capital === 0) return 'lower';
  if (capital < words.length) return 'mixed';
  return words.every((word) => word.length > 1 && !/\p{Ll}/u.test(word)) ? 'shout' : 'title';
}

type Scores = Readonly<Record<Case, readonly [one: number, two: number, more: number]>>;

/**
 * Share of compromise's names that touch a gold entity, by how they are written and how many words
 * they have: measured on the development files of Universal NER (English Web Treebank), WNUT 2017
 * and GUM, rounded down where a cell has fewer than 20.
 */
const SCORES: Readonly<Partial<Record<EntityType, Scores>>> = {
  PERSON: {
    title: [0.88, 0.94, 0.94],
    shout: [0.6, 0.8, 0.8],
    mixed: [0.7, 0.8, 0.5],
    lower: [0.6, 0.65, 0.2],
  },
  LOCATION: {
    title: [0.94, 0.92, 0.77],
    shout: [0.9, 0.7, 0.6],
    mixed: [0.5, 0.4, 0.6],
    lower: [0.7, 0.7, 0.6],
  },
  ORGANIZATION: {
    title: [0.62, 0.78, 0.85],
    shout: [0.62, 0.7, 0.6],
    mixed: [0.3, 0.32, 0.35],
    lower: [0.2, 0.4, 0.05],
  },
};

/** Prior probability of a name that compromise saw; undefined for types it does not see. */
export function scoreName(
  type: EntityType,
  terms: readonly PlacedTerm[],
): { readonly pattern: string; readonly score: number } | undefined {
  const scores = SCORES[type];
  if (scores === undefined || terms.length === 0) return undefined;
  const written = caseOf(terms);
  const score = scores[written][Math.min(terms.length, 3) - 1] ?? 0;
  return { pattern: `${type.toLowerCase()}-${written}`, score };
}
