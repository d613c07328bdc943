import { isNameOrUnlisted, isOnlyName } from './names/lexicon.js';
import { NOT_NAMES } from './names/name-shapes.js';
import type { Span } from './types.js';

const MIN_PART_CHARS = 3;
const MIN_CODE_CHARS = 5;
const MAX_CODE_CHARS = 64;
/** Values that begin with the same word: more are hostile input, which must not cost its square. */
const MAX_SAME_START = 32;
/** A repeated value is a little less sure than where it was found. */
const REPEAT_FACTOR = 0.95;
/** Values less sure than this are not looked for elsewhere. */
const MIN_SOURCE_SCORE = 0.55;

interface Known {
  readonly value: string;
  readonly type: Span['type'];
  readonly score: number;
  readonly pattern: 'repeated-value' | 'part-of-name';
  /** Also in other letter case, and with a plural s. */
  readonly inflected: boolean;
  /** Any word could be it: only where somebody is spoken to or speaks, `@sven` or `sven: thanks`. */
  readonly asHandle?: boolean;
}

/** Values by their first word in lower case, so that a scan looks each word up once. */
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
  const key = first.toLowerCase();
  const sameStart = index.get(key) ?? new Map<string, Known>();
  index.set(key, sameStart);
  const before = sameStart.get(entry.value);
  if (before === undefined && sameStart.size >= MAX_SAME_START) return;
  if (before === undefined || before.score < entry.score) sameStart.set(entry.value, entry);
}

const NAMED: ReadonlySet<Span['type']> = new Set(['PERSON', 'ORGANIZATION', 'LOCATION']);

/** What is looked for because of one span. */
function knownFrom(value: string, { type, score }: Span): Known[] {
  const whole = { value, type, score, pattern: 'repeated-value' } as const;
  if (!NAMED.has(type)) {
    // An account number stands without its cue the second time; a short or wordy value could be anything.
    const { length } = value;
    const isCode = length >= MIN_CODE_CHARS && length <= MAX_CODE_CHARS && /\p{N}/u.test(value);
    const asHandle = !isCode && type === 'USERNAME' && length >= MIN_PART_CHARS;
    return isCode || asHandle ? [{ ...whole, inflected: false, asHandle }] : [];
  }
  if (value.length < MIN_PART_CHARS) return [];
  const inflects = (word: string): boolean => /\s/.test(word) || isOnlyName(word);
  const known: Known[] = [{ ...whole, inflected: inflects(value) }];
  const parts = type === 'PERSON' ? partsOf(value) : [];
  for (const part of parts) {
    if (part === value) continue;
    const inflected = inflects(part);
    known.push({ value: part, type, score, pattern: 'part-of-name', inflected });
  }
  return known;
}

/** The values found with confidence in any of the texts, persons' parts with them. */
function collect(texts: readonly string[], found: readonly (readonly Span[])[]): Index {
  const index: Index = new Map();
  for (const [at, spans] of found.entries()) {
    for (const span of spans) {
      if (span.score < MIN_SOURCE_SCORE) continue;
      const value = (texts[at] ?? '').slice(span.start, span.end);
      for (const entry of knownFrom(value, span)) remember(index, entry);
    }
  }
  return index;
}

/** Behind `@`, or at the beginning of a line with `:` or `>` behind it. */
function isHandle(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - 16), start);
  return (
    before.endsWith('@') ||
    (/^[:>]/.test(text.slice(end, end + 1)) && /(?:^|\n)[^\p{L}\n]*$/u.test(before))
  );
}

/** Units that a known value takes at `at`; 0 where it does not stand there by itself. */
function lengthAt(text: string, at: number, { value, inflected, asHandle }: Known): number {
  const there = text.slice(at, at + value.length);
  const same = there === value || (inflected && there.toLowerCase() === value.toLowerCase());
  if (!same || (asHandle === true && !isHandle(text, at, at + value.length))) return 0;
  const plural = inflected && /^s(?![\p{L}\p{N}])/u.test(text.slice(at + value.length)) ? 1 : 0;
  const length = value.length + plural;
  return WORD_AHEAD.test(text.slice(at + length, at + length + 2)) ? 0 : length;
}

/** The longest known value that begins at `at` and ends with its word. */
function longestAt(text: string, at: number, values: Iterable<Known>): Span | undefined {
  let best: Span | undefined;
  for (const entry of values) {
    const length = lengthAt(text, at, entry);
    if (length === 0 || (best !== undefined && length <= best.end - best.start)) continue;
    best = {
      start: at,
      end: at + length,
      type: entry.type,
      score: Math.round(entry.score * REPEAT_FACTOR * 100) / 100,
      recognizer: 'document-consistency',
      explanation: { pattern: entry.pattern, validator: 'none', context: [] },
    };
  }
  return best;
}

/** By UTF-16 unit: 1 for a letter or number. */
const inWord = new Uint8Array(65_536);
/** By UTF-16 unit the first of what it is in lower case. */
const lowered = new Uint16Array(65_536);
for (let unit = 0; unit < 65_536; unit += 1) {
  const char = String.fromCharCode(unit);
  if (/[\p{L}\p{N}]/u.test(char)) inWord[unit] = 1;
  lowered[unit] = char.toLowerCase().charCodeAt(0);
}
const HALF_OF_PAIR = /[\ud800-\udfff]/;

type Word = readonly [at: number, word: string];

/** The words of a text that begin as one of the index does, in order. */
function wordsIn(text: string, index: Index): Word[] {
  if (HALF_OF_PAIR.test(text))
    return [...text.matchAll(WORD)].map((match) => [match.index, match[0]]);
  const firsts = new Set([...index.keys()].map((key) => key.charCodeAt(0)));
  const words: Word[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const start = at;
    while (inWord[text.charCodeAt(at)] === 1) at += 1;
    if (at > start && firsts.has(lowered[text.charCodeAt(start)] ?? 0)) {
      words.push([start, text.slice(start, at)]);
    }
  }
  return words;
}

/** Known values from left to right, none inside another. */
function repeatsIn(text: string, index: Index): Span[] {
  const spans: Span[] = [];
  for (const [at, word] of wordsIn(text, index)) {
    if (at < (spans.at(-1)?.end ?? 0)) continue;
    const lower = word.toLowerCase();
    const singular = lower.endsWith('s') ? index.get(lower.slice(0, -1)) : undefined;
    const values = [...(index.get(lower)?.values() ?? []), ...(singular?.values() ?? [])];
    const span = longestAt(text, at, values);
    if (span !== undefined) spans.push(span);
  }
  return spans;
}

/**
 * Document-level consistency: what was found once with confidence is found everywhere in the record,
 * and the words of a person's name on their own. A word that is hardly anything but a name is found
 * in any letter case and in the plural; `Will` finds no `will`. Never inside another word.
 * @returns further candidates for each text, in the order of `texts`
 */
export function findRepeats(
  texts: readonly string[],
  found: readonly (readonly Span[])[],
): Span[][] {
  const index = collect(texts, found);
  if (index.size === 0) return texts.map(() => []);
  return texts.map((text) => repeatsIn(text, index));
}
