import { firstFrom } from './first-from.js';
import { matchLabels } from './label-links/match-labels.js';
import { toSpan } from './match-recognizer.js';
import {
  planRecognizers,
  type Around,
  type Near,
  type Plan,
  type Rule,
} from './plan-recognizers.js';
import { patternsAt } from './place-filter.js';
import { scanText, type Landmarks } from './scan-text.js';
import { searchAll } from './search-all.js';
import type { Recognizer, Span } from './types.js';

/** Letters of a prefix with the separator behind it. */
const MOST_PREFIX = 6;
/** No context word is farther from its number: the longest value with the longest stretch after it. */
const [NEAR_BEFORE, NEAR_AFTER] = [80, 120];

/** One text's run: its landmarks, what was found, and where each rule's last match ended. */
interface Run {
  readonly text: string;
  readonly marks: Landmarks;
  readonly ends: Int32Array;
  readonly spans: Span[];
  /** The lists of words of which one stands near a place, a bit each, and the place. */
  readonly near: Int32Array;
  nearTo: number;
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

function tryWords(run: Run, { atWord, table }: Plan): void {
  const { text } = run;
  const { words, wordIds } = run.marks;
  for (let k = 0; k < words.length; k += 1) {
    const id = wordIds[k] ?? -1;
    const tried = atWord[id]?.();
    if (tried === undefined) continue;
    const at = words[k] ?? 0;
    const possible = patternsAt(tried.filter, text, at + (table.words[id]?.length ?? 0));
    for (let one = 0; one < possible.length; one += 1) {
      const rule = tried.rules[possible[one] ?? -1];
      if (rule !== undefined) tryAt(run, rule, at);
    }
  }
}

/** Between letters and the number that they belong to: space, `-`, `&`, `/`. */
const SEPARATORS: ReadonlySet<number> = new Set([32, 45, 38, 47]);

const isLetter = (unit: number): boolean => (unit | 32) >= 97 && (unit | 32) <= 122;

/** Where the letters before a separated number begin: `AB 12`, `CHE-123`; -1 where there are none. */
function prefixBefore(text: string, at: number): number {
  const separator = text.charCodeAt(at - 1);
  if (!SEPARATORS.has(separator)) return -1;
  let start = at - 1;
  while (start > 0 && at - start < MOST_PREFIX && isLetter(text.charCodeAt(start - 1))) start -= 1;
  return start < at - 1 && !isLetter(text.charCodeAt(start - 1)) ? start : -1;
}

/** The first of a `+`, `(`, `-` or short prefix before a number that belongs to it; its own start where there is none. */
function firstStart(text: string, at: number): number {
  let first = at;
  for (let before = at - 1; before >= at - 3 && before >= 0; before -= 1) {
    const unit = text.charCodeAt(before);
    if (unit === 43 || unit === 40 || unit === 45) first = before;
    else if (unit !== 32) break;
  }
  const prefix = prefixBefore(text, at);
  return prefix >= 0 ? Math.min(first, prefix) : first;
}

/** Notes the lists of words of which one stands near a place. */
function takeNear(run: Run, { pieces, bits }: Near, place: number): void {
  const { near } = run;
  const { words, wordIds } = run.marks;
  run.nearTo = place;
  near.fill(0);
  for (
    let k = firstFrom(words, place - NEAR_BEFORE);
    (words[k] ?? Infinity) < place + NEAR_AFTER;
    k += 1
  ) {
    const from = (wordIds[k] ?? 0) * pieces;
    for (let piece = 0; piece < pieces; piece += 1) {
      near[piece] = (near[piece] ?? 0) | (bits[from + piece] ?? 0);
    }
  }
}

/** Whether one of the rule's words stands near a place, or none has to. */
function isNear(run: Run, words: Near, { id }: Rule, place: number): boolean {
  const list = words.lists[id] ?? -1;
  if (list < 0) return true;
  if (run.nearTo !== place) takeNear(run, words, place);
  return ((run.near[list >> 5] ?? 0) & (1 << (list & 31))) !== 0;
}

function tryNumber(run: Run, { atNumber, near }: Plan, place: number): void {
  const possible = patternsAt(atNumber.filter, run.text, place);
  for (let one = 0; one < possible.length; one += 1) {
    const rule = atNumber.rules[possible[one] ?? -1];
    if (rule !== undefined && isNear(run, near, rule, place)) tryAt(run, rule, place);
  }
}

function tryNumbers(run: Run, plan: Plan): void {
  for (const at of run.marks.numbers) {
    for (let place = firstStart(run.text, at); place <= at; place += 1) tryNumber(run, plan, place);
  }
}

/** Where the mark or the words of a rule stand. */
function placesOf({ marks, numbers, words, wordIds }: Landmarks, { mark, ids }: Around) {
  if (mark === 'number') return numbers;
  if (mark !== undefined) return marks[mark] ?? [];
  const places: number[] = [];
  for (let k = 0; k < words.length; k += 1) {
    if (ids[wordIds[k] ?? -1] === 1) places.push(words[k] ?? 0);
  }
  return places;
}

/** Searches the stretches around the marks; those that touch are one, so that none is read twice. */
function tryAround(run: Run, stands: Around): void {
  const { rule, anchor } = stands;
  const places = placesOf(run.marks, stands);
  if (places.length === 0 || rule.pattern.requires?.test(run.text) === false) return;
  for (let k = 0; k < places.length;) {
    const start = Math.max(0, (places[k] ?? 0) - anchor.before);
    let end = (places[k] ?? 0) + anchor.after;
    for (k += 1; (places[k] ?? Infinity) - anchor.before <= end; k += 1) {
      end = (places[k] ?? 0) + anchor.after;
    }
    // Two units more, so that the pattern sees what stands before and after.
    const from = Math.max(0, start - 2);
    searchAll(rule.regex, run.text.slice(from, end + 2), (match) => {
      const span = toSpan(rule, run.text, match, from + match.index);
      if (span !== undefined) run.spans.push(span);
    });
  }
}

/**
 * Compiles recognizers into a function that finds every candidate of a text: one pass finds where
 * something may begin, and patterns are tried there and nowhere else. What searches find is what searching
 * the whole text with each would; a value that its label gives away is looked for around its label.
 */
export function compileRecognizers(recognizers: readonly Recognizer[]): (text: string) => Span[] {
  const compiled = planRecognizers(recognizers);
  const ends = new Int32Array(compiled.rules);
  const near = new Int32Array(compiled.near.pieces);
  return (text) => {
    const marks = scanText(text, compiled.table);
    const run: Run = { text, marks, ends: ends.fill(0), spans: [], near, nearTo: -1 };
    tryWords(run, compiled);
    tryNumbers(run, compiled);
    for (const at of marks.dotted) for (const rule of compiled.atDotted) tryAt(run, rule, at);
    for (const at of marks.schemes) for (const rule of compiled.atScheme) tryAt(run, rule, at);
    for (const rule of compiled.around) tryAround(run, rule);
    for (const rule of compiled.everywhere) {
      searchAll(rule.regex, text, (match) => {
        const span = toSpan(rule, text, match, match.index);
        if (span !== undefined) run.spans.push(span);
      });
    }
    run.spans.push(...matchLabels(compiled.labels, text, marks));
    return run.spans;
  };
}
