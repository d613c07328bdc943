import { firstFrom } from '../first-from.js';
import { toSpan } from '../match-recognizer.js';
import type { Landmarks } from '../scan-text.js';
import type { LabelPattern, Recognizer, Span } from '../types.js';
import { findLabels, type Label, type LabelIndex } from './find-labels.js';
import { linkKinds, NO_VALUE } from './link-words.js';
import { MOST_PLACES, placesAfter, type Place } from './places-after.js';
import { placesBefore, type Before } from './places-before.js';
import { mayHoldLists, readLists, readTable, type Cell, type Table } from './read-table.js';

/** A pattern of a recognizer that waits for its labels. */
export interface LabelRule {
  readonly recognizer: Recognizer;
  readonly pattern: LabelPattern;
  readonly labels: readonly string[];
  /** Sticky. */
  readonly value: RegExp;
  /** No value of it is without a digit. */
  readonly numeric: boolean;
}

/** What follows a number that counts something. */
const UNIT =
  /^ ?(?:%|(?:percent|days?|weeks?|months?|years?|hours?|hrs?|minutes?|mins?|seconds?|secs?|ms|times|people|persons|users|rows|lines|pages|items|units|points|dollars|euros?|eur|usd|gbp|[kmg]b|k?m|kg|bytes|files|steps|miles|calls|texts|visits|guests|seats|members|employees|customers|patients|an? (?:day|week|month|year)|last (?:week|month|year)|per \p{L}{2,}|(?:in|of) all|in total|out of|and up|of \d)(?![\p{L}\p{N}]))/iu;
/** `a claim of 25000`. */
const AMOUNT_OF = /(?<!\p{L})(?:claims?|loans?|plans?|credits?|insurance|policy) of $/iu;
/** A number with its unit: `120cm`. */
const MEASURE = /^\d+(?:mm|cm|km|kg|mg|ml|ms|[kmgt]i?b|px|pt|[km]?hz|kw|mah)$/i;

/** Between a value and its label behind it: `X1 (phone)`. */
const OPENED = /[([]/;
/** Behind the name of a field in JSON. */
const IS_KEY = /^["']\s?:/;

/** Of one head cell; each reads its whole column. */
const MOST_LABELS = 4;

interface Run {
  readonly text: string;
  readonly spans: Span[];
  readonly labelStarts: ReadonlySet<number>;
  /** How many labels a cell of a head held so far. */
  readonly labelsOf: Map<Cell, number>;
}

/** What the value's expression takes at a place: up to its end where the place has one. */
function matchAt(text: string, { value }: LabelRule, { at, until }: Place) {
  value.lastIndex = until === undefined ? at : 0;
  const match = value.exec(until === undefined ? text : text.slice(at, until));
  if (match === null || (linkKinds(match[0].toLowerCase()) & NO_VALUE) !== 0) return undefined;
  const end = value.lastIndex + (until === undefined ? 0 : at);
  if (IS_KEY.test(text.slice(end, end + 4))) return undefined;
  return until !== undefined && match[0].length < until - at ? undefined : match;
}

/** The score of a value that words stand before; none for what any word could be, or counts something. */
function farScore({ text, labelStarts }: Run, { pattern }: LabelRule, span: Span, copula: boolean) {
  const written = text.slice(span.start, span.end);
  if (UNIT.test(text.slice(span.end, span.end + 12))) return undefined;
  if ((written.length === 1 || pattern.needs === 'verb') && !copula) return undefined;
  if (OPENED.test(text.charAt(span.end + 1)) && labelStarts.has(span.end + 2)) return undefined;
  if (!/\d/.test(written) && !copula && span.explanation.validator !== 'passed') return undefined;
  return Math.min(span.score, pattern.farScore ?? Math.round((span.score - 0.15) * 100) / 100);
}

/** Counts or measures something; a short number has its unit even where it is a value: an age has years. */
function isCount(text: string, { start, end }: Span, signed: boolean): boolean {
  const written = text.slice(start, end);
  if (!signed && MEASURE.test(written)) return true;
  if (/^\d{4,6}$/.test(written) && AMOUNT_OF.test(text.slice(Math.max(0, start - 14), start))) {
    return true;
  }
  return /^\d{4,}$/.test(written) && UNIT.test(text.slice(end, end + 12));
}

/** The span of a rule's value at a place; undefined where there is none, or it is no value. */
function valueAt(run: Run, rule: LabelRule, place: Place): Span | undefined {
  const { text } = run;
  const { at, far, signed, copula } = place;
  if (rule.pattern.needs === 'sign' && !signed) return undefined;
  if (rule.pattern.needs === 'link' && !copula) return undefined;
  const match = matchAt(text, rule, place);
  const span = match === undefined ? undefined : toSpan(rule, text, match, at);
  if (span !== undefined && isCount(text, span, signed)) return undefined;
  if (span === undefined || !far) return span;
  const score = farScore(run, rule, span, copula);
  return score === undefined ? undefined : { ...span, score };
}

/** Between the values of one label: `X1, X2 and X3`. */
const LIST_SIGN = /(?:,? (?:and|or|und|et|y|&) |[,;/]\s{0,2})(?=[\p{L}\p{N}])/uy;
const MOST_LISTED = 100;

/** Letters and digits by kind: values of one list are written alike. */
const shapeOf = (value: string): string =>
  value
    .replace(/\p{N}/gu, '9')
    .replace(/\p{Lu}/gu, 'A')
    .replace(/\p{Ll}/gu, 'a');

/** The values that follow a label's first in a list, written as that is. */
function takeListed(run: Run, rule: LabelRule, first: Span): void {
  const { text, spans } = run;
  const shape = shapeOf(text.slice(first.start, first.end));
  let last = first;
  for (let count = 0; count < MOST_LISTED; count += 1) {
    LIST_SIGN.lastIndex = last.end;
    if (!LIST_SIGN.test(text)) return;
    const place = { at: LIST_SIGN.lastIndex, far: false, signed: true, copula: true };
    const span = valueAt(run, rule, place);
    if (span === undefined || shapeOf(text.slice(span.start, span.end)) !== shape) return;
    spans.push({ ...span, score: Math.min(span.score, first.score) });
    last = span;
  }
}

const isSmall = (text: string, { start, end }: Span): boolean =>
  /^[1-9]\d{0,5}$/.test(text.slice(start, end));

/** The first place that has a value for one of a label's rules is that of all of them: it has one value, or a list. */
function takeAfter(
  run: Run,
  { rules, counts }: Label<LabelRule>,
  places: readonly Place[],
): boolean {
  const { text, spans } = run;
  for (const place of places) {
    let found = false;
    for (const rule of rules) {
      const span = valueAt(run, rule, place);
      if (span === undefined) continue;
      const before = spans.push(span);
      // A cell has one: the next cell of its row may be written alike.
      if (place.until === undefined) takeListed(run, rule, span);
      if (counts === true && spans.length === before && isSmall(text, span)) spans.pop();
      else found = true;
    }
    if (found) return true;
  }
  return false;
}

/** Signs between the parts of a value: two numbers side by side differ in theirs. */
const kindsOfSigns = (value: string): number => new Set(value.match(/[^\p{L}\p{N}]/gu)).size;

/** The surest of the stretches that end before a label; of equals the most uniform, then the longest. */
function takeBefore(run: Run, { rules }: Label<LabelRule>, { starts, end }: Before): void {
  for (const rule of rules) {
    let best: Span | undefined;
    for (const at of starts) {
      const place = { at, far: false, signed: false, copula: true, until: end };
      const span = valueAt(run, rule, place);
      if (span === undefined || span.score < (best?.score ?? 0)) continue;
      const isSurer = span.score > (best?.score ?? 0);
      const signs = ({ start, end: till }: Span) => kindsOfSigns(run.text.slice(start, till));
      if (best === undefined || isSurer || signs(span) < signs(best)) best = span;
    }
    if (best !== undefined) run.spans.push(best);
  }
}

/** The value in each cell of a label's column. */
function takeColumn(run: Run, label: Label<LabelRule>, { head, rows }: Table): void {
  const column = head.findIndex(({ start, end }) => start <= label.start && label.start < end);
  const cell = head[column];
  if (cell === undefined) return;
  const labels = (run.labelsOf.get(cell) ?? 0) + 1;
  run.labelsOf.set(cell, labels);
  if (labels > MOST_LABELS) return;
  for (const cells of rows) {
    const { start: at, end: until } = cells[column] ?? { start: 0, end: 0 };
    if (until > at) takeAfter(run, label, [{ at, far: false, signed: true, copula: true, until }]);
  }
}

/**
 * The table that a label heads, each read once: a label in a row of one heads none. Lists of columns
 * may begin anywhere in a line, behind another label too: `INSERT INTO member (mrn) VALUES`.
 */
function tableReader(text: string): (at: number) => Table | undefined {
  let headEnd = -1;
  let end = -1;
  let table: Table | undefined;
  const listed = mayHoldLists(text);
  return (at) => {
    if (at < headEnd && table !== undefined) return table;
    if (at < end && table !== undefined) return undefined;
    const lists = listed ? readLists(text, at) : undefined;
    if (lists === undefined && at < headEnd) return undefined;
    table = lists ?? readTable(text, at);
    const line = text.indexOf('\n', at);
    headEnd = table?.head.at(-1)?.end ?? (line < 0 ? text.length : line);
    end = table?.end ?? headEnd;
    return table;
  };
}

/** No digit that a value cannot be without stands farther behind its beginning. */
const MOST_VALUE = 256;
/** A value before a label, with what may stand between, is within so many units. */
const MOST_BEFORE = 128;

/** Every value beside, below or before a label, as its recognizer scores it. */
export function matchLabels(
  index: LabelIndex<LabelRule>,
  text: string,
  marks: Landmarks,
): readonly Span[] {
  const labels = findLabels(index, text, marks);
  if (labels.length === 0) return [];
  const labelStarts = new Set(labels.map(({ start }) => start));
  const run: Run = { text, spans: [], labelStarts, labelsOf: new Map() };
  const starts = new Set(labels.filter(({ strong }) => strong).map(({ start }) => start));
  const tableOf = tableReader(text);
  const { numbers } = marks;
  for (const label of labels) {
    const numeric = label.rules.every((rule) => rule.numeric);
    const first = numbers[firstFrom(numbers, label.start - MOST_BEFORE)];
    if (numeric && first === undefined) continue;
    const table = tableOf(label.start);
    if (table?.listed === true) {
      takeColumn(run, label, table);
      continue;
    }
    const last = numeric
      ? numbers[firstFrom(numbers, label.end + MOST_PLACES + MOST_VALUE) - 1]
      : text.length;
    const places =
      last === undefined || last < label.end
        ? []
        : placesAfter(text, label, (at) => starts.has(at), table !== undefined, last);
    if (takeAfter(run, label, places)) continue;
    const isBare = numeric && (first === undefined || first >= label.start);
    const before = isBare ? undefined : placesBefore(text, label);
    if (before !== undefined) takeBefore(run, label, before);
    else if (table !== undefined) takeColumn(run, label, table);
  }
  return run.spans;
}
