import { LABEL_COUNT } from './labels.js';
import type { Gate, Word } from './types.js';

const UNIT = 16;
const CASES = 8;
const CASE_ROWS = 4 * CASES;

/** True for tables of the shape above. */
export const isGateSize = (length: number): boolean =>
  length > CASE_ROWS && (length - CASE_ROWS) % 4 === 0;

/** The score of each word. */
function scoreWords(words: readonly Word[], { tables }: Gate): Int32Array {
  const cases = tables.length - CASE_ROWS;
  const size = cases / 4;
  const scores = new Int32Array(words.length);
  const at = (index: number): number => tables[index] ?? 0;
  for (const [place, word] of words.entries()) {
    const [before, after] = [words[place - 1], words[place + 1]];
    const own = (word.ids[0] ?? 0) + (word.kind === 0 ? 0 : size);
    const [near, next] = [sameLine(before, word), sameLine(after, word)];
    scores[place] =
      at(own) +
      at(2 * size + (near?.ids[0] ?? 0)) +
      at(3 * size + (next?.ids[0] ?? 0)) +
      at(cases + word.kind + (word.ids.length > 1 ? CASES : 0)) +
      at(cases + 2 * CASES + (near?.kind ?? 0)) +
      at(cases + 3 * CASES + (next?.kind ?? 0));
  }
  return scores;
}

const sameLine = (other: Word | undefined, { line }: Word): Word | undefined =>
  other?.line === line ? other : undefined;

/** Which words stand in sentences for the model (1), and every word's score. */
export interface Split {
  readonly open: Uint8Array;
  readonly scores: Int32Array;
}

/** Without a gate, everything is for the model. */
export function splitByGate(words: readonly Word[], gate: Gate | undefined): Split {
  const open = new Uint8Array(words.length);
  if (gate === undefined) return { open: open.fill(1), scores: new Int32Array(words.length) };
  const scores = scoreWords(words, gate);
  let [from, highest] = [0, -Infinity];
  for (const [at, word] of words.entries()) {
    highest = Math.max(highest, scores[at] ?? 0);
    if (!word.stop && words[at + 1]?.line === word.line) continue;
    if (highest >= gate.threshold) open.fill(1, from, at + 1);
    [from, highest] = [at + 1, -Infinity];
  }
  return { open, scores };
}

/** What the gate's logistic score says of a word that the model did not read: all types alike. */
export function probabilitiesOfPlain(score: number): Float32Array {
  const name = 1 / (1 + Math.exp(-score / UNIT));
  const out = new Float32Array(LABEL_COUNT);
  out[0] = 1 - name;
  for (let label = 1; label < LABEL_COUNT; label += 2) out[label] = name / 3;
  return out;
}
