import { isNameOrUnlisted } from './names/lexicon.js';
import { NOT_NAMES } from './names/name-shapes.js';
import type { Span } from './types.js';

const MIN_PART_CHARS = 3;
/** A repeated value is a little less sure than where it was found. */
const REPEAT_FACTOR = 0.95;
/** Values less sure than this are not looked for elsewhere. */
const MIN_SOURCE_SCORE = 0.55;

interface Known {
  readonly value: string;
  readonly type: Span['type'];
  readonly score: number;
  readonly part: boolean;
}

/** Values by their first word, so that a scan looks each word up once. */
type Index = Map<string, Map<string, Known>>;

const WORD = /[\p{L}\p{N}]+/gu;
const WORD_AHEAD = /^[\p{L}\p{N}]/u;

/** A word of a person's name that may stand alone: `Doe` after `John Doe`. */
function partsOf(value: string): string[] {
  return value
    .split(/[\s,]+/)
    .map((word) => word.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, ''))
    .filter((word) => word.length >= MIN_PART_CHARS && /^\p{Lu}/u.test(word))
    .filter((word) => !NOT_NAMES.has(word.toLowerCase()) && isNameOrUnlisted(word));
}

function remember(index: Index, entry: Known): void {
  const first = entry.value.match(WORD)?.[0];
  if (first === undefined || !entry.value.startsWith(first)) return;
  const sameStart = index.get(first) ?? new Map<string, Known>();
  index.set(first, sameStart);
  const before = sameStart.get(entry.value);
  if (before === undefined || before.score < entry.score) sameStart.set(entry.value, entry);
}

const NAMED: ReadonlySet<Span['type']> = new Set(['PERSON', 'ORGANIZATION', 'LOCATION']);

/** The values found with confidence in any of the texts, persons' parts with them. */
function collect(texts: readonly string[], found: readonly (readonly Span[])[]): Index {
  const index: Index = new Map();
  for (const [at, spans] of found.entries()) {
    for (const { start, end, type, score } of spans) {
      if (!NAMED.has(type) || score < MIN_SOURCE_SCORE) continue;
      const value = (texts[at] ?? '').slice(start, end);
      if (value.length < MIN_PART_CHARS) continue;
      remember(index, { value, type, score, part: false });
      if (type !== 'PERSON') continue;
      for (const part of partsOf(value)) remember(index, { value: part, type, score, part: true });
    }
  }
  return index;
}

/** The longest known value that begins at `at` and ends with its word. */
function longestAt(text: string, at: number, values: Iterable<Known>): Known | undefined {
  let best: Known | undefined;
  for (const entry of values) {
    const { value } = entry;
    const longer = best === undefined || value.length > best.value.length;
    if (
      longer &&
      text.startsWith(value, at) &&
      !WORD_AHEAD.test(text.slice(at + value.length, at + value.length + 2))
    ) {
      best = entry;
    }
  }
  return best;
}

function toSpan(start: number, { value, type, score, part }: Known): Span {
  return {
    start,
    end: start + value.length,
    type,
    score: Math.round(score * REPEAT_FACTOR * 100) / 100,
    recognizer: 'document-consistency',
    explanation: {
      pattern: part ? 'part-of-name' : 'repeated-value',
      validator: 'none',
      context: [],
    },
  };
}

/**
 * Document-level consistency: a name found once with confidence is found everywhere in the record,
 * and the words of a person's name on their own. Exact case, so that `Will` finds no `will`.
 * @returns further candidates for each text, in the order of `texts`
 */
export function findRepeats(
  texts: readonly string[],
  found: readonly (readonly Span[])[],
): Span[][] {
  const index = collect(texts, found);
  return texts.map((text) =>
    [...text.matchAll(WORD)].flatMap(({ index: at, 0: word }) => {
      const known = longestAt(text, at, index.get(word)?.values() ?? []);
      return known === undefined ? [] : [toSpan(at, known)];
    }),
  );
}
