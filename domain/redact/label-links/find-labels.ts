import { KIND_WORDS, labelSpellings, phraseSource } from '../phrases.js';
import type { Landmarks, WordTable } from '../scan-text.js';
import { COMMON_WORDS } from './link-words.js';

/** A label in a text: `passport`, `Passport No.`, `customerAccountNumber`. Offsets are UTF-16 units. */
export interface Label<Rule> {
  readonly start: number;
  readonly end: number;
  /** It names a number, and not a thing that has one: its value may stand farther away. */
  readonly strong: boolean;
  /** A common word in the plural: a number behind it, alone, says how many there are. */
  readonly counts?: boolean;
  /** Those that take a value beside it. */
  readonly rules: readonly Rule[];
}

interface WordLabels<Rule> {
  /** Units of the word that they begin with. */
  readonly length: number;
  /** First letters of the words that may follow it; undefined where it is a label by itself. */
  readonly seconds: ReadonlySet<string> | undefined;
  readonly regex: RegExp;
  readonly rules: ReadonlyMap<string, readonly Rule[]>;
}

/** By the number of the word that they begin with. */
export type LabelIndex<Rule> = readonly ((() => WordLabels<Rule>) | undefined)[];

const PLURAL = String.raw`(?:s|['’]s)?`;
const KIND = String.raw`(?:[ _.-]{0,2}(?:${KIND_WORDS.join('|')}|#|n[°º]|№)(?![a-z])\.?){0,2}`;
/** The rest of a name of a field that says which of several values it is: `_old`, `_value`, `_2`. */
const TAIL = String.raw`(?:[_.-](?:old|new|current|previous|prev|value|val|text|str|raw|field|input|primary|secondary|confirm(?:ed)?|masked|\d))?`;
/** May follow a label at once, and is no part of another word. */
const PARTICLES =
  '[はがをのもにとで是为為改设設已如号號码碼番]|更新|变更|는|은|이|가|를|을|의|로|번호';
/** Behind the signs of Chinese, Japanese and Korean a value or a particle may follow at once. */
const END = String.raw`(?:(?![\p{L}\p{N}])|(?<=[\u2e80-\ud7ff])(?=[A-Za-z0-9])|(?=${PARTICLES}))`;
const HUMP_TAIL =
  /^(?:(?:Old|New|Current|Previous|Prev|Value|Val|Text|Str|Raw|Field|Input|Primary|Secondary)s?\d?)?$/;

/** Where a hump begins, the last letter of a plural (`IDs`) aside. */
const HUMP_START = /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}(?!s(?!\p{Ll}))\p{Ll})/gu;

const normal = (phrase: string): string => phrase.toLowerCase().replace(/[^\p{L}\p{N}#]/gu, '');

/** The letters that a phrase begins with, in lower case, as the scan sees them. */
export const firstWord = (phrase: string): string =>
  /[\p{L}\p{M}]+/u.exec(phrase.toLowerCase())?.[0] ?? '';

/**
 * What stands behind `word` and one sign in the phrases; undefined where one of them goes on otherwise:
 * not at all, or as `drivers' license` and `ss#` do.
 */
function secondsOf(word: string, phrases: readonly string[]): ReadonlySet<string> | undefined {
  const seconds = phrases.map((phrase) => {
    const rest = phrase.toLowerCase().startsWith(word) ? phrase.slice(word.length) : '';
    return /^[^\p{L}\p{N}]([\p{L}\p{N}])/u.exec(rest)?.[1]?.toLowerCase() ?? '';
  });
  return seconds.includes('') ? undefined : new Set(seconds);
}

/** The labels that begin with a word, longest first, and who waits for each of them. */
function labelsAt<Rule>(word: string, own: ReadonlyMap<string, readonly Rule[]>): WordLabels<Rule> {
  const phrases = [...own.keys()].sort((a, b) => b.length - a.length);
  const rules = new Map<string, Rule[]>();
  for (const [phrase, waiting] of own) {
    const key = normal(phrase);
    rules.set(key, [...new Set([...(rules.get(key) ?? []), ...waiting])]);
  }
  const source = `(${phrases.map(phraseSource).join('|')})${PLURAL}(${KIND})${TAIL}${END}`;
  const seconds = secondsOf(word, phrases);
  return { length: word.length, seconds, regex: new RegExp(source, 'iuy'), rules };
}

export function indexLabels<Rule extends { readonly labels: readonly string[] }>(
  rules: readonly Rule[],
  { ids }: WordTable,
): LabelIndex<Rule> {
  const byWord = new Map<number, Map<string, Rule[]>>();
  for (const rule of rules) {
    for (const label of rule.labels) {
      for (const word of new Set(labelSpellings(label).map(firstWord))) {
        const id = ids.get(word);
        if (id === undefined) continue;
        const own = byWord.get(id) ?? new Map<string, Rule[]>();
        own.set(label, [...(own.get(label) ?? []), rule]);
        byWord.set(id, own);
      }
    }
  }
  return [...ids].map(([word, id]) => {
    const own = byWord.get(id);
    if (own === undefined) return undefined;
    // Most texts hold few of these words, and the expressions are many.
    let made: WordLabels<Rule> | undefined;
    return () => (made ??= labelsAt(word, own));
  });
}

const isCommon = (phrase: string, kind: string): boolean =>
  kind === '' && COMMON_WORDS.has(phrase.toLowerCase());

/** In quotes that nothing but a sentence follows: `the field "Swift" reads`. */
function isQuoted(text: string, start: number, end: number): boolean {
  return (
    /["'“”«»„‘’]\s?$/.test(text.slice(Math.max(0, start - 2), start)) &&
    /^\s?["'“”«»’][ ,]? ?\p{L}/u.test(text.slice(end, end + 5))
  );
}

/** A letter that scanning tore off the word that it begins: `P age`. */
const TORN = /(?<![\p{L}\p{N}'’/<(.])[b-hj-z] $/iu;

/** A letter or digit stands before, in a script that puts spaces between words. */
const INSIDE = /^[\p{L}\p{N}@][^\u2e80-\ud7ff]/u;

/** A label at a place, unless a letter or digit stands before it. */
function labelAt<Rule>(
  { length, seconds, regex, rules }: WordLabels<Rule>,
  text: string,
  start: number,
): Label<Rule> | undefined {
  // Few texts go on as a label of several words does, and the expression is slow to say so.
  if (seconds?.has(text.charAt(start + length + 1).toLowerCase()) === false) return undefined;
  if (start > 0 && INSIDE.test(text.slice(start - 1, start + 1))) return undefined;
  regex.lastIndex = start;
  const match = regex.exec(text);
  if (match === null) return undefined;
  const [whole, phrase = '', kind = ''] = match;
  if (/^\p{Ll}/u.test(phrase) && TORN.test(text.slice(Math.max(0, start - 3), start))) {
    return undefined;
  }
  const waiting = rules.get(normal(phrase)) ?? [];
  const end = start + whole.length;
  const strong = !isCommon(phrase, kind) || isQuoted(text, start, end);
  const counts = isCommon(phrase, kind) && /^s/i.test(whole.slice(phrase.length));
  return { start, end, strong, counts, rules: waiting };
}

/** A label among the humps of a name in camel case that begins with one of them: `customerAccountNo`. */
function labelAtHump<Rule>(
  labels: WordLabels<Rule>,
  text: string,
  start: number,
): Label<Rule> | undefined {
  const rest = /^[\p{L}\p{N}]{1,40}/u.exec(text.slice(start, start + 41))?.[0] ?? '';
  const apart = rest.replace(HUMP_START, ' ');
  labels.regex.lastIndex = 0;
  const match = labels.regex.exec(apart);
  if (match === null) return undefined;
  const [whole, phrase = '', kind = ''] = match;
  if (!HUMP_TAIL.test(apart.slice(whole.length).replaceAll(' ', ''))) return undefined;
  const waiting = labels.rules.get(normal(phrase)) ?? [];
  return { start, end: start + rest.length, strong: !isCommon(phrase, kind), rules: waiting };
}

/** The labels of a text in order; of those that overlap the first, and the longest that begins there. */
export function findLabels<Rule>(
  index: LabelIndex<Rule>,
  text: string,
  { words, wordIds, humps, humpIds }: Landmarks,
): Label<Rule>[] {
  const found: Label<Rule>[] = [];
  let end = 0;
  let at = 0;
  let hump = 0;
  while (at < words.length || hump < humps.length) {
    const isHump = (humps[hump] ?? Infinity) < (words[at] ?? Infinity);
    const start = (isHump ? humps[hump] : words[at]) ?? 0;
    const labels = index[(isHump ? humpIds[hump++] : wordIds[at++]) ?? -1];
    if (labels === undefined || start < end) continue;
    const label = (isHump ? labelAtHump : labelAt)(labels(), text, start);
    if (label === undefined) continue;
    found.push(label);
    end = label.end;
  }
  return found;
}
