import { MinimizeError } from './errors.js';
import { offsetsOf, wordOf, type SketchSource } from './sketch-source.js';
import { createPairBuffer, type PairBuffer } from './sorted-pairs.js';

/** Positions of a run of equal first words, sorted by the two words after it. */
function sortRun(pairs: PairBuffer, from: number, to: number, words: Uint32Array): number[] {
  const word = (position: number, at: number): number => words[2 * position + at] as number;
  return Array.from({ length: to - from }, (_, index) => pairs.second(from + index)).sort(
    (a, b) => word(a, 0) - word(b, 0) || word(a, 1) - word(b, 1),
  );
}

function requireDistinct(positions: readonly number[], words: Uint32Array): void {
  positions.forEach((position, index) => {
    const before = positions[index - 1];
    if (before === undefined) return;
    if ([0, 1].some((at) => words[2 * before + at] !== words[2 * position + at])) return;
    throw new MinimizeError('RECORD_REPEATED', 'a record is in the shards twice');
  });
}

/**
 * The rank of each record in the order of record ids, by its position in the shards: whatever the
 * shards' order, decisions are made in this one. Ids are keyed digests; their first 96 bits order
 * them, and equal ones are one record (by chance: 6e-16 among ten million).
 * @throws MinimizeError RECORD_REPEATED
 */
export async function rankRecords(source: SketchSource): Promise<Int32Array> {
  const offsets = offsetsOf(source);
  const total = offsets.at(-1) as number;
  const words = new Uint32Array(2 * total);
  const pairs = createPairBuffer(total);
  const keyIds = new Set<string>();
  for (const [shard, count] of source.counts.entries()) {
    const { ids, keyId } = await source.facts(shard);
    if (count > 0) keyIds.add(keyId);
    for (let row = 0; row < count; row++) {
      const position = (offsets[shard] as number) + row;
      words[2 * position] = wordOf(ids, row, 1);
      words[2 * position + 1] = wordOf(ids, row, 2);
      pairs.push(wordOf(ids, row, 0), position);
    }
  }
  if (keyIds.size > 1) {
    throw new MinimizeError(
      'SKETCH_INVALID',
      'the shards hold ids of different keys; ingest them again',
    );
  }
  pairs.sort();
  const ranks = new Int32Array(total);
  for (let from = 0, to = 0; from < total; from = to) {
    while (to < total && pairs.first(to) === pairs.first(from)) to++;
    const run = to - from === 1 ? [pairs.second(from)] : sortRun(pairs, from, to, words);
    if (run.length > 1) requireDistinct(run, words);
    for (const [index, position] of run.entries()) ranks[position] = from + index;
  }
  return ranks;
}
