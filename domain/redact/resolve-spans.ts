import { clusterAround } from './clusters.js';
import type { Span } from './types.js';

/**
 * Placeholders as this engine and others write them, numbered ones included. Digits only behind a `_`:
 * `[AB123456C]` is a value in brackets.
 */
const PLACEHOLDER = /\[[A-Z]{1,40}(?:_[A-Z]{1,40}){0,4}(?:_[0-9A-Z]{1,16})?\]/g;

/** Ranges that are placeholders already; nothing is found in them. */
export function placeholderRanges(
  text: string,
): { readonly start: number; readonly end: number }[] {
  if (!text.includes('[')) return [];
  return [...text.matchAll(PLACEHOLDER)].map(({ index, 0: { length } }) => ({
    start: index,
    end: index + length,
  }));
}

/** Widens a span so that it begins and ends between grapheme clusters. */
function alignToClusters<T extends { readonly start: number; readonly end: number }>(
  text: string,
  span: T,
): T {
  const { start } = clusterAround(text, span.start);
  const { end } = clusterAround(text, span.end);
  return start === span.start && end === span.end ? span : { ...span, start, end };
}

const length = ({ start, end }: Span): number => end - start;

const compareNames = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Surest first, then longest; the rest makes the order total. */
function byStrength(a: Span, b: Span): number {
  return (
    b.score - a.score ||
    length(b) - length(a) ||
    a.start - b.start ||
    compareNames(a.type, b.type) ||
    compareNames(a.recognizer, b.recognizer) ||
    compareNames(a.explanation.pattern, b.explanation.pattern)
  );
}

/** A longer span swallows what lies inside it unless it is much less sure. */
const NESTING_TOLERANCE = 0.35;

function swallows(outer: Span, inner: Span): boolean {
  return (
    outer.start <= inner.start &&
    outer.end >= inner.end &&
    length(outer) > length(inner) &&
    outer.score >= inner.score - NESTING_TOLERANCE
  );
}

/** Without the spans inside another; `spans` sorted by start, then longest first. */
function withoutNested(spans: readonly Span[]): Span[] {
  const kept: Span[] = [];
  let open: Span[] = [];
  for (const span of spans) {
    open = open.filter(({ end }) => end > span.start);
    if (open.some((outer) => swallows(outer, span))) continue;
    kept.push(span);
    open.push(span);
  }
  return kept;
}

/** The first of the taken spans, in order and without overlap, that ends beyond `at`. */
function firstBeyond(taken: readonly Span[], at: number): number {
  let [low, high] = [0, taken.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((taken[middle]?.end ?? 0) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The parts of a span that no taken span covers, and where they would stand among those. */
function subtract(
  span: Span,
  taken: readonly Span[],
): { readonly part: Span; readonly at: number }[] {
  const parts: { part: Span; at: number }[] = [];
  let { start } = span;
  let at = firstBeyond(taken, start);
  for (; at < taken.length && start < span.end; at += 1) {
    const other = taken[at];
    if (other === undefined || other.start >= span.end) break;
    if (other.start > start) parts.push({ part: { ...span, start, end: other.start }, at });
    start = other.end;
  }
  if (start < span.end) parts.push({ part: { ...span, start }, at });
  return parts;
}

/** Cuts a remainder to its outermost letters or digits; undefined when it has none. */
function trimRemainder(text: string, part: Span): Span | undefined {
  const value = text.slice(part.start, part.end);
  const first = value.search(/[\p{L}\p{N}]/u);
  if (first < 0) return undefined;
  const tail = /[^\p{L}\p{N}\p{M}]*$/u.exec(value)?.[0].length ?? 0;
  return { ...part, start: part.start + first, end: part.end - tail };
}

/** Spans that touch or overlap lie in one cluster; clusters are resolved apart. */
function clusters(spans: readonly Span[]): Span[][] {
  const groups: Span[][] = [];
  let end = -1;
  for (const span of spans) {
    if (span.start >= end) groups.push([]);
    groups.at(-1)?.push(span);
    end = Math.max(end, span.end);
  }
  return groups;
}

function resolveCluster(text: string, cluster: Span[]): Span[] {
  if (cluster.length === 1) return cluster;
  const taken: Span[] = [];
  for (const span of cluster.sort(byStrength)) {
    // From the right, so that the places of those further left stay.
    for (const { part, at } of subtract(span, taken).reverse()) {
      const whole = length(part) === length(span);
      const kept = whole ? part : trimRemainder(text, part);
      if (kept !== undefined) taken.splice(at, 0, kept);
    }
  }
  return taken;
}

/**
 * Non-overlapping spans in order, the same for any order of candidates. A longer span swallows
 * those inside it, else the surest wins; what a loser covers beyond the winner stays a span of its
 * own where it holds a letter or digit, so that resolving never uncovers what a recognizer found.
 */
export function resolveSpans(text: string, candidates: readonly Span[]): Span[] {
  const sorted = candidates
    .map((span) => alignToClusters(text, span))
    .sort((a, b) => a.start - b.start || b.end - a.end || byStrength(a, b));
  return clusters(withoutNested(sorted))
    .flatMap((cluster) => resolveCluster(text, cluster))
    .sort((a, b) => a.start - b.start);
}
