import { readNames, rangeOf } from './names/compromise-names.js';
import { scoreName } from './names/score-name.js';
import type { Span } from './types.js';

/** Persons, places and organizations that compromise sees, scored by what their words look like. */
export function findNames(text: string): Span[] {
  const { names } = readNames(text);
  return names.flatMap(({ type, terms }): Span[] => {
    const range = rangeOf(text, terms);
    const scored = scoreName(type, terms);
    if (range === undefined || scored === undefined) return [];
    const explanation = { pattern: scored.pattern, validator: 'none', context: [] } as const;
    return [{ ...range, type, score: scored.score, recognizer: 'compromise-names', explanation }];
  });
}
