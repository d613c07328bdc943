import { NOT_NAMES } from './names/name-shapes.js';
import type { Span } from './types.js';

const MIN_PART_CHARS = 3;
/** A repeated value is a little less sure than where it was found. */
const REPEAT_FACTOR = 0.95;
/** Values less sure than this are not looked for elsewhere. */
const MIN_SOURCE_SCORE = 0.55;

interface Known {
  readonly type: Span['type'];
  readonly score: number;
  readonly part: boolean;
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

/** A word of a person's name that may stand alone: `Doe` after `John Doe`. */
function partsOf(value: string): string[] {
  return value
    .split(/[\s,]+/)
    .map((word) => word.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, ''))
    .filter((word) => word.length >= MIN_PART_CHARS && /^\p{Lu}/u.test(word))
    .filter((word) => !NOT_NAMES.has(word.toLowerCase()));
}

function remember(known: Map<string, Known>, value: string, entry: Known): void {
  const before = known.get(value);
  if (before === undefined || before.score < entry.score) known.set(value, entry);
}

const NAMED: ReadonlySet<Span['type']> = new Set(['PERSON', 'ORGANIZATION', 'LOCATION']);

/** The values found with confidence in any of the texts, persons' parts with them. */
function collect(
  texts: readonly string[],
  found: readonly (readonly Span[])[],
): Map<string, Known> {
  const known = new Map<string, Known>();
  for (const [at, spans] of found.entries()) {
    for (const { start, end, type, score } of spans) {
      if (!NAMED.has(type) || score < MIN_SOURCE_SCORE) continue;
      const value = (texts[at] ?? '').slice(start, end);
      if (value.length < MIN_PART_CHARS) continue;
      remember(known, value, { type, score, part: false });
      if (type !== 'PERSON') continue;
      for (const part of partsOf(value)) remember(known, part, { type, score, part: true });
    }
  }
  return known;
}

/** One regular expression over all values, longest first, whole words only. */
function regexOf(values: Iterable<string>): RegExp | undefined {
  const sorted = [...values].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  if (sorted.length === 0) return undefined;
  const source = sorted.map(escape).join('|');
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${source})(?![\\p{L}\\p{N}])`, 'gu');
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
  const known = collect(texts, found);
  const regex = regexOf(known.keys());
  return texts.map((text) => {
    if (regex === undefined) return [];
    return [...text.matchAll(regex)].flatMap(({ index, 0: value }): Span[] => {
      const entry = known.get(value);
      if (entry === undefined) return [];
      const pattern = entry.part ? 'part-of-name' : 'repeated-value';
      return [
        {
          start: index,
          end: index + value.length,
          type: entry.type,
          score: Math.round(entry.score * REPEAT_FACTOR * 100) / 100,
          recognizer: 'document-consistency',
          explanation: { pattern, validator: 'none', context: [] },
        },
      ];
    });
  });
}
