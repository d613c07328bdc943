// Typed F1 of names, leak by kind of data, and what is removed that nobody marked.
import { scoreCorpus, TYPES, type Place } from '../redaction-score.js';
import type { MarkedDocument } from './read-documents.js';

/** Kinds of data whose leak is told apart; what is in none of the first three is an identifier. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  names: TYPES,
  dates: ['DATE', 'DATE_OF_BIRTH'],
  addresses: ['STREET_ADDRESS', 'POSTAL_CODE'],
};
const KNOWN = Object.values(KINDS).flat();

const LETTER = /[\p{L}\p{N}]/gu;

const overlaps = (a: Place, b: Place): boolean => a.start < b.end && b.start < a.end;
const touches = (span: Place, places: readonly Place[]): boolean =>
  places.some((place) => overlaps(place, span));
const holds = (outer: Place, inner: Place): boolean =>
  outer.start <= inner.start && inner.end <= outer.end;

/** One byte a UTF-16 unit: 1 inside a place. */
function mask(length: number, places: readonly Place[]): Uint8Array {
  const marks = new Uint8Array(length);
  for (const { start, end } of places) marks.fill(1, start, end);
  return marks;
}

/** Without the spans over what may stay as well as go. */
const judged = ({ gold, either }: MarkedDocument, spans: readonly Place[]): Place[] =>
  spans.filter((span) => touches(span, gold) || !touches(span, either));

/** Called with each value that leaks (a letter or digit of it is open), and each span nobody marked. */
export type Show = (kind: 'leak' | 'extra', type: string, value: string, where: string) => void;

export function showErrors(document: MarkedDocument, found: readonly Place[], show: Show): void {
  const { name, text, gold } = document;
  const hidden = mask(text.length, found);
  const tell = (kind: 'leak' | 'extra', { start, end, type }: Place): void => {
    const around = text.slice(Math.max(0, start - 40), end + 25);
    show(kind, type, text.slice(start, end), `${name}: ${around}`);
  };
  for (const place of gold) {
    const value = text.slice(place.start, place.end);
    const leaks = [...value.matchAll(LETTER)].some(
      ({ index }) => hidden[place.start + index] === 0,
    );
    if (leaks) tell('leak', place);
  }
  for (const span of judged(document, found)) if (!touches(span, gold)) tell('extra', span);
}

/** Without the places inside a found address: whether a city belongs to it is taste. */
function withoutAddressed({ text, gold }: MarkedDocument, found: readonly Place[]) {
  const addresses = found.filter(({ type }) => type === 'STREET_ADDRESS');
  const isApart = (place: Place): boolean =>
    place.type !== 'LOCATION' || !addresses.some((address) => holds(address, place));
  return { text, gold: gold.filter(isApart) };
}

/** Letters and digits that nobody marked, and how many of them are removed all the same. */
function unmarkedLetters({ text, gold, either }: MarkedDocument, found: readonly Place[]) {
  const marked = mask(text.length, [...gold, ...either]);
  const hidden = mask(text.length, found);
  const places = [...text.matchAll(LETTER)]
    .map(({ index }) => index)
    .filter((at) => marked[at] === 0);
  return { all: places.length, removed: places.filter((at) => hidden[at] === 1).length };
}

/**
 * What an engine's spans are worth over some documents.
 * @param found spans of each document, in their order
 */
export function scoreDocuments(
  documents: readonly MarkedDocument[],
  found: readonly (readonly Place[])[],
) {
  const spans = documents.map((document, at) => judged(document, found[at] ?? []));
  const leakOf = (own: (type: string) => boolean): number => {
    const types = new Set(documents.flatMap(({ gold }) => gold.map(({ type }) => type)));
    return scoreCorpus(documents, spans, [...types].filter(own)).leak;
  };
  const apart = documents.map((document, at) => withoutAddressed(document, spans[at] ?? []));
  const names = scoreCorpus(apart, spans, TYPES);
  const letters = documents.map((document, at) => unmarkedLetters(document, spans[at] ?? []));
  const sum = (own: 'all' | 'removed'): number =>
    letters.reduce((total, one) => total + one[own], 0);
  const extra = documents.flatMap(({ gold }, at) =>
    (spans[at] ?? []).filter((span) => !touches(span, gold)),
  );
  const kinds = Object.entries(KINDS).map(
    ([kind, types]) => [kind, leakOf((type) => types.includes(type))] as const,
  );
  return {
    namesF1: names.f1,
    namesF1Interval: names.f1Interval,
    namesF1ByType: Object.fromEntries(
      Object.entries(names.byType).map(([type, { f1 }]) => [type, f1]),
    ),
    leak: Object.fromEntries([...kinds, ['identifiers', leakOf((type) => !KNOWN.includes(type))]]),
    leakOfAll: leakOf(() => true),
    overRedaction: sum('removed') / Math.max(1, sum('all')),
    unmarkedSpans: extra.length,
  };
}
