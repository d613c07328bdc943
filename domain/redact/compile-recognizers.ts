import { toSpan } from './match-recognizer.js';
import { spellings } from './phrases.js';
import { scanText, wordTable, type Landmarks, type WordTable } from './scan-text.js';
import type { Pattern, Recognizer, Span } from './types.js';

interface Rule {
  readonly recognizer: Recognizer;
  readonly pattern: Pattern;
  /** Sticky where the pattern names its anchor, else global. */
  readonly regex: RegExp;
  /** Place in the list of where each rule's last match ended. */
  readonly id: number;
}

/** Rules by what they wait for, so that a text pays only for what it holds. */
interface Plan {
  readonly rules: number;
  readonly table: WordTable;
  readonly atWord: readonly (readonly Rule[])[];
  readonly atNumber: readonly Union[];
  /** Tried at a number that has one of the rule's context words near. */
  readonly nearWord: readonly (readonly Rule[])[];
  readonly atDotted: readonly Rule[];
  readonly atScheme: readonly Rule[];
  readonly around: readonly Rule[];
  readonly everywhere: readonly Rule[];
}

/** One expression says for a place whether any of several rules matches there. */
interface Union {
  readonly any: RegExp;
  readonly rules: readonly Rule[];
}

const MOST_OPTIONS = 12;
/** Letters of a prefix with the separator behind it. */
const MOST_PREFIX = 6;
/** No context word is farther from its number: the longest value with the longest stretch after it. */
const [NEAR_BEFORE, NEAR_AFTER] = [80, 110];

const withFlag = ({ source, flags }: RegExp, flag: string): RegExp =>
  new RegExp(source, `${flags.replace('g', '')}${flag}`);

/** Group names may not repeat, and their values do not matter for whether anything matches. */
const asOption = ({ source }: RegExp): string => `(?:${source.replace(/\(\?<\w+>/g, '(?:')})`;

function unite(rules: readonly Rule[]): Union[] {
  const flags = [...new Set(rules.map(({ regex }) => regex.flags))];
  return flags.flatMap((own) => {
    const alike = rules.filter(({ regex }) => regex.flags === own);
    return Array.from({ length: Math.ceil(alike.length / MOST_OPTIONS) }, (_, part) => {
      const some = alike.slice(part * MOST_OPTIONS, (part + 1) * MOST_OPTIONS);
      const any = new RegExp(some.map(({ regex }) => asOption(regex)).join('|'), own);
      return { any, rules: some };
    });
  });
}

/** The letters that a phrase begins with, in lower case, as the scan sees them. */
const firstWord = (phrase: string): string =>
  /[\p{L}\p{M}]+/u.exec(phrase.toLowerCase())?.[0] ?? '';

function toRules(recognizers: readonly Recognizer[]): Rule[] {
  let id = 0;
  return recognizers.flatMap((recognizer) =>
    recognizer.patterns.map((pattern) => {
      const { anchor } = pattern;
      const isPlace = typeof anchor === 'string' || Array.isArray(anchor);
      const regex = withFlag(pattern.regex, isPlace ? 'y' : 'g');
      return { recognizer, pattern, regex, id: id++ };
    }),
  );
}

/** For each word of the table the rules that name it. */
function byWord(
  { ids }: WordTable,
  rules: readonly Rule[],
  wordsOf: (rule: Rule) => readonly string[],
): Rule[][] {
  const lists = Array.from({ length: ids.size }, (): Rule[] => []);
  for (const rule of rules) {
    for (const word of new Set(wordsOf(rule).map(firstWord))) {
      const id = ids.get(word);
      if (id !== undefined) lists[id]?.push(rule);
    }
  }
  return lists;
}

function anchorWords({ pattern: { anchor } }: Rule): readonly string[] {
  if (typeof anchor !== 'object') return [];
  if (!('around' in anchor)) return anchor;
  return anchor.around === 'number' ? [] : [anchor.around];
}
/** A word that has to be near, or the rule's match counts for nothing. */
const isContextual = ({ pattern }: Rule): boolean =>
  pattern.needsContext === true || pattern.near !== undefined;
const contextWords = ({ recognizer: { context }, pattern: { near } }: Rule): readonly string[] =>
  (near ?? context?.words ?? []).flatMap(spellings);

function plan(recognizers: readonly Recognizer[]): Plan {
  const rules = toRules(recognizers);
  const numbers = rules.filter(({ pattern }) => pattern.anchor === 'number');
  const contextual = numbers.filter(isContextual);
  const words = rules.filter(({ pattern }) => Array.isArray(pattern.anchor));
  const table = wordTable(
    [...rules.flatMap(anchorWords), ...contextual.flatMap(contextWords)]
      .map(firstWord)
      .filter((word) => word !== ''),
  );
  return {
    rules: rules.length,
    table,
    atWord: byWord(table, words, anchorWords),
    atNumber: unite(numbers.filter((rule) => !isContextual(rule))),
    nearWord: byWord(table, contextual, contextWords),
    around: rules.filter(
      ({ pattern: { anchor } }) => typeof anchor === 'object' && !Array.isArray(anchor),
    ),
    atDotted: rules.filter(({ pattern }) => pattern.anchor === 'dotted'),
    atScheme: rules.filter(({ pattern }) => pattern.anchor === 'scheme'),
    everywhere: rules.filter(({ pattern }) => pattern.anchor === undefined),
  };
}

/** One text's run: its landmarks, what was found, and where each rule's last match ended. */
interface Run {
  readonly text: string;
  readonly marks: Landmarks;
  readonly ends: Int32Array;
  readonly spans: Span[];
}

function tryAt({ text, ends, spans }: Run, rule: Rule, at: number): void {
  if (at < (ends[rule.id] ?? 0)) return;
  rule.regex.lastIndex = at;
  const match = rule.regex.exec(text);
  if (match === null) return;
  ends[rule.id] = at + match[0].length;
  const span = toSpan(rule, text, match, at);
  if (span !== undefined) spans.push(span);
}

function tryWords(run: Run, { atWord }: Plan): void {
  const { words, wordIds } = run.marks;
  for (let k = 0; k < words.length; k += 1) {
    const rules = atWord[wordIds[k] ?? -1] ?? [];
    for (const rule of rules) tryAt(run, rule, words[k] ?? 0);
  }
}

function tryUnions(run: Run, unions: readonly Union[], at: number): void {
  for (const { any, rules } of unions) {
    any.lastIndex = at;
    if (any.test(run.text)) for (const rule of rules) tryAt(run, rule, at);
  }
}

const isLetter = (unit: number): boolean => (unit | 32) >= 97 && (unit | 32) <= 122;

/** Where the letters before a separated number begin: `AB 12`, `CHE-123`; -1 where there are none. */
function prefixBefore(text: string, at: number): number {
  const separator = text.charCodeAt(at - 1);
  if (separator !== 32 && separator !== 45 && separator !== 38) return -1;
  let start = at - 1;
  while (start > 0 && at - start < MOST_PREFIX && isLetter(text.charCodeAt(start - 1))) start -= 1;
  return start < at - 1 && !isLetter(text.charCodeAt(start - 1)) ? start : -1;
}

/** In order a number's own start, and a `+`, `(`, `-` or short prefix before it that belongs to it. */
function startsOf(text: string, at: number): number[] {
  const places = [at];
  for (let before = at - 1; before >= at - 3 && before >= 0; before -= 1) {
    const unit = text.charCodeAt(before);
    if (unit === 43 || unit === 40 || unit === 45) places.push(before);
    else if (unit !== 32) break;
  }
  const prefix = prefixBefore(text, at);
  if (prefix >= 0) places.push(prefix);
  return places.sort((a, b) => a - b);
}

function tryNumbers(run: Run, { atNumber, nearWord }: Plan): void {
  const { numbers, words, wordIds } = run.marks;
  let from = 0;
  for (const at of numbers) {
    const places = startsOf(run.text, at);
    for (const place of places) tryUnions(run, atNumber, place);
    while ((words[from] ?? Infinity) < at - NEAR_BEFORE) from += 1;
    const seen = new Set<Rule>();
    for (let k = from; (words[k] ?? Infinity) < at + NEAR_AFTER; k += 1) {
      for (const rule of nearWord[wordIds[k] ?? -1] ?? []) seen.add(rule);
    }
    for (const rule of seen) for (const place of places) tryAt(run, rule, place);
  }
}

function placesOf({ marks, numbers, words, wordIds }: Landmarks, around: string, table: WordTable) {
  if (around === 'number') return numbers;
  const at = marks[around];
  if (at !== undefined) return at;
  const id = table.ids.get(around);
  return words.filter((_, k) => wordIds[k] === id);
}

/** Searches the stretches around the marks; those that touch are one, so that none is read twice. */
function tryAround(run: Run, rule: Rule, table: WordTable): void {
  const { anchor } = rule.pattern;
  if (typeof anchor !== 'object' || !('around' in anchor)) return;
  const places = placesOf(run.marks, anchor.around, table);
  for (let k = 0; k < places.length;) {
    const start = Math.max(0, (places[k] ?? 0) - anchor.before);
    let end = (places[k] ?? 0) + anchor.after;
    for (k += 1; (places[k] ?? Infinity) - anchor.before <= end; k += 1) {
      end = (places[k] ?? 0) + anchor.after;
    }
    // Two units more, so that the pattern sees what stands before and after.
    const from = Math.max(0, start - 2);
    for (const match of run.text.slice(from, end + 2).matchAll(rule.regex)) {
      const span = toSpan(rule, run.text, match, from + match.index);
      if (span !== undefined) run.spans.push(span);
    }
  }
}

/**
 * Compiles recognizers into a function that finds every candidate of a text: one pass finds where
 * something may begin, and patterns are tried there and nowhere else. It finds what searching the
 * whole text with each pattern would.
 */
export function compileRecognizers(recognizers: readonly Recognizer[]): (text: string) => Span[] {
  const compiled = plan(recognizers);
  return (text) => {
    const marks = scanText(text, compiled.table);
    const run: Run = { text, marks, ends: new Int32Array(compiled.rules), spans: [] };
    tryWords(run, compiled);
    tryNumbers(run, compiled);
    for (const at of marks.dotted) for (const rule of compiled.atDotted) tryAt(run, rule, at);
    for (const at of marks.schemes) for (const rule of compiled.atScheme) tryAt(run, rule, at);
    for (const rule of compiled.around) tryAround(run, rule, compiled.table);
    for (const rule of compiled.everywhere) {
      for (const match of text.matchAll(rule.regex)) {
        const span = toSpan(rule, text, match, match.index);
        if (span !== undefined) run.spans.push(span);
      }
    }
    return run.spans;
  };
}
