import { withLegalForms } from './names/legal-forms.js';
import { withoutTitles } from './names/titles.js';
import { findUncasedNames } from './names/uncased-names.js';
import { decodeNames, probabilityOfName, type TaggedName } from './tagger/labels.js';
import type { TaggedWord } from './tagger/types.js';
import type { Span } from './types.js';

/** Between a name's words: what no name holds, so that a JSON value or table cell stays whole. */
const STRUCTURE = /["“”]\s*[,:}\]]|[{}[\]|<>=\t\r\n]|\\| {3}/;

/** The runs of a name's words with no structure between them. */
function cutAtStructure(text: string, words: readonly TaggedWord[]): TaggedWord[][] {
  const runs: TaggedWord[][] = [];
  for (const word of words) {
    const last = runs.at(-1)?.at(-1);
    const own = text.slice(last?.end ?? word.start, word.end);
    if (last === undefined || STRUCTURE.test(own)) runs.push([word]);
    else runs.at(-1)?.push(word);
  }
  return runs;
}

const hasLetterOrDigit = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);

function toSpans(text: string, { type, words }: TaggedName, recognizer: string): Span[] {
  return cutAtStructure(text, words).flatMap((all) => {
    const run = withoutTitles(text, all, type === 'LOCATION');
    const [first, last] = [run[0], run.at(-1)];
    if (first === undefined || last === undefined) return [];
    if (!hasLetterOrDigit(text.slice(first.start, last.end))) return [];
    const score = Math.max(...run.map(probabilityOfName));
    return {
      start: first.start,
      end: last.end,
      type,
      score: Math.round(score * 100) / 100,
      recognizer,
      explanation: { pattern: `${type.toLowerCase()}-label`, validator: 'none', context: [] },
    };
  });
}

/** Between two parts of one person's name: `Siti Nurhaliza bte Osman`, `Thijs van 't Hof`. */
const PARTICLES =
  /^ (?:(?:van|von|vom|zu|zum|der|den|de|del|della|da|dos|du|bin|bint|binti|ibn|bte|bt|ter|ten|af|av|['’]t) ){1,2}$/u;

/** Persons with nothing but particles between them are one. */
function joinAtParticles(text: string, spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const span of spans) {
    const before = joined.at(-1);
    const isPart =
      before?.type === 'PERSON' &&
      span.type === 'PERSON' &&
      PARTICLES.test(text.slice(before.end, span.start));
    if (!isPart) joined.push(span);
    else
      joined.splice(-1, 1, { ...before, end: span.end, score: Math.max(before.score, span.score) });
  }
  return joined;
}

export interface NameOptions {
  /** The tagger's name. */
  readonly recognizer: string;
  readonly minScore: number;
  /** Organizations are looked for: a person's name with a legal form behind it is one. */
  readonly firms: boolean;
}

/**
 * Persons, places and organizations of a text that a tagger has read, and names in a script without
 * letter case. A word counts as a name where the probability of that is at least `minScore`.
 */
export function findNames(
  text: string,
  words: readonly TaggedWord[],
  { recognizer, minScore, firms }: NameOptions,
): Span[] {
  const named = decodeNames(words, minScore).flatMap((name) => toSpans(text, name, recognizer));
  const joined = joinAtParticles(text, named);
  const whole = firms ? withLegalForms(text, joined) : joined;
  return [...whole, ...findUncasedNames(text)];
}
