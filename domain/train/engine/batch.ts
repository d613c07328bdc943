import { countedTokens, type TokenSequence } from '../sequence.js';
import type { PackedBatch } from './gradients.js';

export interface PackOptions {
  /** Count every token after the first, not only those of the loss mask. */
  readonly all?: boolean;
  /** Fill every sequence up to the longest; what is filled in comes after what counts, unseen by it. */
  readonly padded?: boolean;
}

/** Lays sequences one after another; each attends to itself alone and counts positions from 0. */
export function packSequences(
  sequences: readonly TokenSequence[],
  { all = false, padded = false }: PackOptions = {},
): PackedBatch {
  const longest = sequences.reduce((most, { ids }) => Math.max(most, ids.length), 0);
  const width = ({ ids }: TokenSequence) => (padded ? longest : ids.length);
  const total = sequences.reduce((sum, sequence) => sum + width(sequence), 0);
  const counted = sequences.reduce(
    (sum, s) => sum + (all ? s.ids.length - 1 : countedTokens(s)),
    0,
  );
  const ids = new Int32Array(total);
  const rows = new Int32Array(counted);
  const labels = new Int32Array(counted);
  let begin = 0;
  let n = 0;
  const segments = sequences.map((sequence) => {
    ids.set(sequence.ids, begin);
    for (let t = 1; t < sequence.ids.length; t++) {
      if (!all && sequence.lossMask[t] === 0) continue;
      rows[n] = begin + t - 1;
      labels[n++] = sequence.ids[t] ?? 0;
    }
    const segment = { begin, length: width(sequence) };
    begin += segment.length;
    return segment;
  });
  return { ids, segments, rows, labels };
}

/** Groups sequences, in order, into batches of at most `maxTokens` tokens. */
export function groupByTokens<T extends TokenSequence>(
  sequences: readonly T[],
  maxTokens: number,
): T[][] {
  const groups: T[][] = [];
  let tokens = Infinity;
  for (const sequence of sequences) {
    if (tokens + sequence.ids.length > maxTokens) {
      groups.push([]);
      tokens = 0;
    }
    groups.at(-1)?.push(sequence);
    tokens += sequence.ids.length;
  }
  return groups;
}
