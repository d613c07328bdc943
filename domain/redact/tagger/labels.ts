import type { EntityType } from '../types.js';
import type { TaggedWord } from './types.js';

/** Labels of a word: 0 is none; an odd id begins a name, the even one after it goes on with it. */
export const LABEL_COUNT = 7;
/** The types that labels speak of, in their order. */
export const NAME_TYPES = [
  'PERSON',
  'LOCATION',
  'ORGANIZATION',
] as const satisfies readonly EntityType[];
export type NameType = (typeof NAME_TYPES)[number];

const NEVER = -1e9;
const FLOOR = 1e-12;

const isInside = (label: number): boolean => label > 0 && label % 2 === 0;

function bestOf(values: readonly number[]): number {
  let best = 0;
  for (const [at, value] of values.entries()) if (value > (values[best] ?? NEVER)) best = at;
  return best;
}

/** One Viterbi step: I-X may only follow B-X or I-X; everything else follows the best. */
function advance(
  score: readonly number[],
  row: readonly number[],
): { readonly links: number[]; readonly score: number[] } {
  const best = bestOf(score);
  const links = row.map((_, label) => {
    if (!isInside(label)) return best;
    return (score[label - 1] ?? NEVER) >= (score[label] ?? NEVER) ? label - 1 : label;
  });
  return { links, score: row.map((gain, label) => (score[links[label] ?? 0] ?? NEVER) + gain) };
}

/** Best well-formed labels of one line's words; `rows` hold seven log-probabilities a word. */
function bestOfLine(rows: readonly (readonly number[])[]): number[] {
  const first = rows[0];
  if (first === undefined) return [];
  let score = first.map((gain, label) => (isInside(label) ? NEVER : gain));
  const back = rows.slice(1).map((row) => {
    const next = advance(score, row);
    score = next.score;
    return next.links;
  });
  const path = [bestOf(score)];
  for (const links of back.reverse()) path.push(links[path.at(-1) ?? 0] ?? 0);
  return path.reverse();
}

/** A name as a run of words. */
export interface TaggedName {
  readonly type: NameType;
  readonly words: readonly TaggedWord[];
}

function namesOfLine(words: readonly TaggedWord[], labels: readonly number[]): TaggedName[] {
  const names: { type: NameType; words: TaggedWord[] }[] = [];
  for (const [at, word] of words.entries()) {
    const label = labels[at] ?? 0;
    const type = NAME_TYPES[(label - 1) >> 1];
    if (label === 0 || type === undefined) continue;
    if (isInside(label)) names.at(-1)?.words.push(word);
    else names.push({ type, words: [word] });
  }
  return names;
}

function linesOf(words: readonly TaggedWord[]): TaggedWord[][] {
  const lines: TaggedWord[][] = [];
  for (const word of words) {
    if (lines.at(-1)?.[0]?.line === word.line) lines.at(-1)?.push(word);
    else lines.push([word]);
  }
  return lines;
}

/**
 * What each label is worth, in nats: the best of a name's labels gets the probability of all of
 * them, so that doubt between two types is no doubt that it is a name.
 */
function gainsOf({ probabilities }: TaggedWord, bias: number): number[] {
  const [none = 1, ...labels] = probabilities;
  const boost = (1 - none + FLOOR) / (Math.max(...labels) + FLOOR);
  return [Math.log(none + FLOOR) - bias, ...labels.map((p) => Math.log(p * boost + FLOOR))];
}

/**
 * The names of the best well-formed labels, line by line. Neighbours apart, a word is part of a name
 * where the probability of that is at least `minScore`.
 */
export function decodeNames(words: readonly TaggedWord[], minScore: number): TaggedName[] {
  const bias = Math.log((1 - minScore) / minScore);
  return linesOf(words).flatMap((line) => {
    if (line.every((word) => probabilityOfName(word) < minScore / LABEL_COUNT)) return [];
    return namesOfLine(line, bestOfLine(line.map((word) => gainsOf(word, bias))));
  });
}

/** Probability that a word is part of a name of any type. */
export function probabilityOfName({ probabilities }: TaggedWord): number {
  return 1 - (probabilities[0] ?? 1);
}
