import { ENTITY_TYPES } from '../domain/redact/index.js';
import type { ReviewDecision, ReviewItem } from '../schemas/index.js';

export interface Place {
  readonly message: number;
  readonly start: number;
  readonly end: number;
}

type AddSpan = Extract<ReviewDecision, { action: 'add-span' }>;
const isAddSpan = (one: ReviewDecision): one is AddSpan => one.action === 'add-span';

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);

/**
 * Where the typed words stand in an item, as whole words, whatever their case and spacing; inside
 * of words when they stand nowhere else. Places that are removed already are left out.
 */
export function findWords(
  item: ReviewItem,
  decisions: readonly ReviewDecision[],
  typed: string,
): readonly Place[] {
  const words = typed
    .trim()
    .split(/\s+/)
    .filter(Boolean)
    .map(escaped)
    .join(String.raw`\s+`);
  if (words === '') return [];
  const taken: readonly Place[] = [...item.spans, ...decisions.filter(isAddSpan)];
  const search = (pattern: RegExp): Place[] =>
    item.shown.flatMap(({ content }, message) =>
      [...content.matchAll(pattern)]
        .map((match) => ({ message, start: match.index, end: match.index + match[0].length }))
        .filter((place) => !taken.some((other) => overlaps(place, other))),
    );
  const whole = search(new RegExp(`(?<![\\p{L}\\p{N}])${words}(?![\\p{L}\\p{N}])`, 'giu'));
  return whole.length > 0 ? whole : search(new RegExp(words, 'giu'));
}

const overlaps = (a: Place, b: Place): boolean =>
  a.message === b.message && a.start < b.end && b.start < a.end;

/** The entity type that a number of the list, or the beginning of a name, means. */
export function typeOf(typed: string): string | undefined {
  const text = typed.trim().toUpperCase();
  if (text === '') return undefined;
  if (/^\d+$/.test(text)) return ENTITY_TYPES[Number(text) - 1];
  const matches = ENTITY_TYPES.filter((type) => type.startsWith(text));
  return (
    ENTITY_TYPES.find((type) => type === text) ?? (matches.length === 1 ? matches[0] : undefined)
  );
}
