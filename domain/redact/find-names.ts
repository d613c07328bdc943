import { markRanges } from './mark-ranges.js';
import { rangeOf, readNames, type PlacedTerm, type Reading } from './names/compromise-names.js';
import { isBusinessTerm } from './names/lexicon.js';
import { PARTICLE } from './names/name-shapes.js';
import { scoreName } from './names/score-name.js';
import { growName, isUnknownName, trimName, unknownRuns } from './names/shape-names.js';
import { findUncasedNames } from './names/uncased-names.js';
import { scoreUnknown } from './names/unknown-names.js';
import type { EntityType, Span } from './types.js';

type Scored = { readonly type: EntityType; readonly pattern: string; readonly score: number };

function toSpan(
  text: string,
  terms: readonly PlacedTerm[],
  recognizer: string,
  scored: Scored | undefined,
): Span[] {
  const range = rangeOf(text, terms);
  if (range === undefined || scored === undefined) return [];
  const { type, pattern, score } = scored;
  const explanation = { pattern, validator: 'none', context: [] } as const;
  return [{ ...range, type, score, recognizer, explanation }];
}

function fromCompromise(text: string, { names }: Reading): Span[] {
  return names.flatMap(({ type, terms, sentence }) => {
    const own = trimName(terms);
    if (own.every((term) => isBusinessTerm(term.text))) return [];
    const grown = type === 'PERSON' ? growName(text, own, sentence) : own;
    const scored = scoreName(type, grown);
    return toSpan(text, grown, 'compromise-names', scored && { type, ...scored });
  });
}

/** A capitalised word of English at the start of a sentence is no part of the name after it. */
function withoutSentenceStart(run: readonly PlacedTerm[]): readonly PlacedTerm[] {
  const first = run[0];
  const drop = first?.firstInSentence === true && run.length > 1 && !isUnknownName(first);
  return drop ? run.slice(1) : run;
}

function fromShape(text: string, reading: Reading, found: readonly Span[]): Span[] {
  const covered = markRanges(text.length, found);
  const taken = ({ start, end }: PlacedTerm): boolean => covered.subarray(start, end).includes(1);
  return unknownRuns(text, reading, taken).flatMap(({ terms, next }) => {
    const run = withoutSentenceStart(terms);
    return toSpan(text, run, 'capitalised-unknown', scoreUnknown(text, run, next));
  });
}

const BETWEEN = new RegExp(`^ ${PARTICLE} $`, 'u');
const BEFORE = new RegExp(
  String.raw`(?<![\p{L}\p{N}])\p{Lu}[\p{L}\p{M}'’-]{1,24} ${PARTICLE} $`,
  'u',
);
const BEFORE_CHARS = 40;

/** Takes in the word and particle before a name, where the word alone was read as something else. */
function growOverParticle(text: string, span: Span): Span {
  if (span.type !== 'PERSON') return span;
  const before = BEFORE.exec(text.slice(Math.max(0, span.start - BEFORE_CHARS), span.start));
  return before === null ? span : { ...span, start: span.start - before[0].length };
}

/** Joins two names with a small word between them: `Jan` `van der` `Berg`. */
function joinParticles(text: string, spans: readonly Span[]): Span[] {
  const sorted = spans
    .map((span) => growOverParticle(text, span))
    .sort((a, b) => a.start - b.start || b.end - a.end);
  const joined: Span[] = [];
  for (const span of sorted) {
    const last = joined.at(-1);
    if (last?.type === 'PERSON' && BETWEEN.test(text.slice(last.end, span.start))) {
      joined[joined.length - 1] = {
        ...last,
        end: span.end,
        score: Math.min(last.score, span.score),
      };
    } else joined.push(span);
  }
  return joined;
}

/**
 * Persons, places and organizations: what compromise sees, and capitalised words that no list of
 * English words has. Scores are priors measured on development data, see names/score-name.ts.
 */
export function findNames(text: string): Span[] {
  const reading = readNames(text);
  const found = fromCompromise(text, reading);
  const shaped = fromShape(text, reading, found);
  return [...joinParticles(text, [...found, ...shaped]), ...findUncasedNames(text)];
}
