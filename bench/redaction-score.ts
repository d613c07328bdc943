import { readFileSync } from 'node:fs';
import type { NameTagger } from '../domain/redact/index.js';

type TaggedText = Awaited<ReturnType<NameTagger['tag']>>[number];

export const TYPES = ['PERSON', 'LOCATION', 'ORGANIZATION'] as const;
const GOLD_TYPES: Readonly<Record<string, string>> = {
  PER: 'PERSON',
  LOC: 'LOCATION',
  ORG: 'ORGANIZATION',
};

export interface Place {
  readonly start: number;
  readonly end: number;
  readonly type: string;
}

/** A text with its names, in UTF-16 units. */
export interface GoldText {
  readonly text: string;
  readonly gold: readonly Place[];
}

interface Line {
  readonly text: string;
  readonly spans: readonly {
    readonly start: number;
    readonly end: number;
    readonly label: string;
  }[];
}

/** Reads a file of shared/data/ner, whose offsets are code points. */
export function readGold(path: string): GoldText[] {
  let lines: string[];
  try {
    lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  } catch (cause) {
    throw new Error(
      `${path} cannot be read; the corpora are Universal NER English-EWT, WNUT 2017 and GUM as JSON Lines (models/redactor/README.md names their sources)`,
      { cause },
    );
  }
  return lines.map((line) => {
    const { text, spans } = JSON.parse(line) as Line;
    const units = [0];
    for (const char of text) units.push((units.at(-1) ?? 0) + char.length);
    const gold = spans.map(({ start, end, label }) => ({
      start: units[start] ?? 0,
      end: units[end] ?? text.length,
      type: GOLD_TYPES[label] ?? label,
    }));
    return { text, gold };
  });
}

const LETTER = /[\p{L}\p{N}]/u;

/** Sums of one document: exact hits, found, gold, leaked and all letters and digits of gold names. */
type Counts = readonly [hit: number, found: number, gold: number, leaked: number, chars: number];
const NONE: Counts = [0, 0, 0, 0, 0];

function countOne(
  { text, gold }: GoldText,
  spans: readonly Place[],
  types: readonly string[],
): Counts {
  const own = (place: Place): boolean => types.includes(place.type);
  const key = ({ start, end, type: kind }: Place): string =>
    `${String(start)} ${String(end)} ${kind}`;
  const wanted = new Set(gold.filter(own).map(key));
  const found = new Set(spans.filter(own).map(key));
  const hidden = new Uint8Array(text.length);
  for (const { start, end } of spans) hidden.fill(1, start, end);
  let [leaked, chars] = [0, 0];
  for (const { start, end } of gold.filter(own)) {
    for (let at = start; at < end; at += 1) {
      if (!LETTER.test(text.charAt(at))) continue;
      chars += 1;
      if (hidden[at] === 0) leaked += 1;
    }
  }
  return [
    [...found].filter((one) => wanted.has(one)).length,
    found.size,
    wanted.size,
    leaked,
    chars,
  ];
}

function sum(rows: readonly Counts[]): Counts {
  return rows.reduce(
    (a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4]],
    NONE,
  );
}

const f1Of = ([hit, found, gold]: Counts): number => (2 * hit) / Math.max(1, found + gold);
const leakOf = ([, , , leaked, chars]: Counts): number => leaked / Math.max(1, chars);

/** A seeded generator of numbers in [0, 1): mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const ROUNDS = 500;

/** 95% percentile bootstrap over documents. */
function interval(rows: readonly Counts[], figure: (counts: Counts) => number): [number, number] {
  const random = seeded(7);
  const values = Array.from({ length: ROUNDS }, () =>
    figure(sum(rows.map(() => rows[Math.floor(random() * rows.length)] ?? NONE))),
  ).sort((a, b) => a - b);
  return [values[Math.floor(ROUNDS * 0.025)] ?? 0, values[Math.floor(ROUNDS * 0.975)] ?? 0];
}

/** Strict typed F1 and leak, over all and by type, with intervals for the former. */
export function scoreCorpus(
  texts: readonly GoldText[],
  found: readonly (readonly Place[])[],
  types: readonly string[] = TYPES,
) {
  const rowsOf = (own: readonly string[]): Counts[] =>
    texts.map((text, at) => countOne(text, found[at] ?? [], own));
  const all = rowsOf(types);
  const byType = types.map((type) => {
    const counts = sum(rowsOf([type]));
    return [type, { f1: f1Of(counts), leak: leakOf(counts) }] as const;
  });
  return {
    f1: f1Of(sum(all)),
    f1Interval: interval(all, f1Of),
    leak: leakOf(sum(all)),
    leakInterval: interval(all, leakOf),
    byType: Object.fromEntries(byType),
  };
}

const SHARES = [0, 0.01, 0.02, 0.03, 0.05, 0.1, 0.15];

/** Share of the words reviewed, and the leak that is left. */
export type ReviewCurve = readonly (readonly [share: number, leak: number])[];

interface RiskyWord {
  readonly risk: number;
  readonly leaks: number;
}

/** The words of a text with the letters that leak in each, and how many letters of names there are. */
function riskyWords(
  { text, gold }: GoldText,
  spans: readonly Place[],
  tagged: TaggedText,
): { readonly words: readonly RiskyWord[]; readonly chars: number } {
  const open = new Uint8Array(text.length);
  for (const { start, end } of gold) open.fill(1, start, end);
  for (let unit = 0; unit < text.length; unit += 1) {
    if (!LETTER.test(text.charAt(unit))) open[unit] = 0;
  }
  const chars = open.reduce((total, one) => total + one, 0);
  const hidden = new Uint8Array(text.length);
  for (const { start, end } of spans) hidden.fill(1, start, end);
  const words = tagged.map(({ start, end, probabilities }) => ({
    risk: hidden[start] === 1 ? -1 : 1 - (probabilities[0] ?? 1),
    leaks: open.subarray(start, end).filter((one, k) => one === 1 && hidden[start + k] === 0)
      .length,
  }));
  return { words, chars };
}

function reviewCurve(
  texts: readonly GoldText[],
  found: readonly (readonly Place[])[],
  tagged: readonly TaggedText[],
): ReviewCurve {
  const read = texts.map((text, at) => riskyWords(text, found[at] ?? [], tagged[at] ?? []));
  const chars = read.reduce((total, one) => total + one.chars, 0);
  const words = read.flatMap((one) => one.words).sort((a, b) => b.risk - a.risk);
  return SHARES.map((share) => {
    const rest = words.slice(Math.round(share * words.length));
    return [share, rest.reduce((total, { leaks }) => total + leaks, 0) / Math.max(1, chars)];
  });
}

/**
 * Leak that is left after a share of the words was reviewed: those that stand open, the most
 * probable names first. A reviewed word leaks no more. Of all names, and of each type under the
 * same review.
 */
export function reviewCurves(
  texts: readonly GoldText[],
  found: readonly (readonly Place[])[],
  tagged: readonly TaggedText[],
): Readonly<Record<string, ReviewCurve>> {
  const ofType = (type: string): GoldText[] =>
    texts.map(({ text, gold }) => ({ text, gold: gold.filter((one) => one.type === type) }));
  return {
    all: reviewCurve(texts, found, tagged),
    ...Object.fromEntries(TYPES.map((type) => [type, reviewCurve(ofType(type), found, tagged)])),
  };
}

const BINS = 15;

/** Expected calibration error of P(name) over words, and the reliability by bin. */
export function calibration(texts: readonly GoldText[], tagged: readonly TaggedText[]) {
  const bins = Array.from({ length: BINS }, () => ({ words: 0, said: 0, true: 0 }));
  let words = 0;
  for (const [at, { gold }] of texts.entries()) {
    for (const { start, end, probabilities } of tagged[at] ?? []) {
      const said = 1 - (probabilities[0] ?? 1);
      const bin = bins[Math.min(BINS - 1, Math.floor(said * BINS))];
      if (bin === undefined) continue;
      words += 1;
      bin.words += 1;
      bin.said += said;
      bin.true += gold.some((name) => name.start < end && name.end > start) ? 1 : 0;
    }
  }
  const error = bins.reduce((total, bin) => total + Math.abs(bin.said - bin.true), 0) / words;
  const filled = bins.filter((bin) => bin.words > 0);
  return {
    error,
    reliability: filled.map((bin) => ({
      words: bin.words,
      said: bin.said / bin.words,
      true: bin.true / bin.words,
    })),
  };
}
