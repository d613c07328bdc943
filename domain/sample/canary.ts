import { CATALOGUES } from './catalogues.js';
import { drawForUse } from './pools.js';
import { drawFrom, type WordSource } from './random.js';
import { drawPersona } from './values.js';

export const CANARY_KINDS = ['digits', 'letters', 'words', 'name'] as const;
export type CanaryKind = (typeof CANARY_KINDS)[number];

const LETTERS = Array.from({ length: 26 }, (_, at) => String.fromCharCode(97 + at));

/** Ordinary words of the departments' texts, sorted: all of them in the tiny model's vocabulary. */
const WORDS: readonly string[] = [
  ...new Set(
    Object.values(CATALOGUES).flatMap(({ topics }) =>
      topics.flatMap(({ steps }) => steps.join(' ').match(/\b[a-z]{3,}\b/gu) ?? []),
    ),
  ),
].sort();

const KINDS: Readonly<Record<CanaryKind, (source: WordSource, length: number) => string>> = {
  digits: (source, length) => drawFrom(source).digits(length),
  letters: (source, length) => {
    const draw = drawFrom(source);
    return Array.from({ length }, () => draw.pick(LETTERS)).join('');
  },
  words: (source, length) => {
    const draw = drawFrom(source);
    return Array.from({ length }, () => draw.pick(WORDS)).join(' ');
  },
  name: (source) => drawPersona(drawFrom(source), 'canary').fullName,
};

/**
 * A secret of the canary pool: `length` digits, letters or words, or a person's name (then `length`
 * counts nothing). Draw the words of `source` from secret randomness in an audit.
 */
export function drawCanarySecret(source: WordSource, kind: CanaryKind, length: number): string {
  if (kind === 'name') return KINDS.name(source, length);
  return drawForUse('canary', () => KINDS[kind](source, length));
}
