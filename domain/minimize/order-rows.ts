import { MinimizeError } from './errors.js';
import { createKeyedRows, passesOver, roomOf, ROWS_A_PASS, type KeyedRows } from './keyed-rows.js';
import { offsetsOf, wordOf, type SketchSource } from './sketch-source.js';

/** Rows [from, to) of equal keys, sorted by the two words after it. */
function sortRun(rows: KeyedRows, from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index).sort(
    (a, b) => rows.word1(a) - rows.word1(b) || rows.word2(a) - rows.word2(b),
  );
}

function requireDistinct(run: readonly number[], rows: KeyedRows): void {
  run.forEach((row, index) => {
    const before = run[index - 1];
    if (before === undefined) return;
    if (rows.word1(before) !== rows.word1(row) || rows.word2(before) !== rows.word2(row)) return;
    throw new MinimizeError('RECORD_REPEATED', 'a record is in the shards twice');
  });
}

function requireOneKey(keyIds: ReadonlySet<string>): void {
  if (keyIds.size <= 1) return;
  throw new MinimizeError(
    'SKETCH_INVALID',
    'the shards hold ids of different keys; ingest them again',
  );
}

/** Reads the ids of one pass, sorted by their first word; the place of each is its position. */
async function readIds(
  source: SketchSource,
  own: (word: number) => boolean,
  rows: KeyedRows,
): Promise<void> {
  rows.clear();
  const keyIds = new Set<string>();
  let position = 0;
  for (const [shard, count] of source.counts.entries()) {
    const { ids, keyId } = await source.facts(shard);
    if (count > 0) keyIds.add(keyId);
    for (let row = 0; row < count; row++, position++) {
      const word = wordOf(ids, row, 0);
      if (own(word)) rows.push(word, wordOf(ids, row, 1), wordOf(ids, row, 2), position);
    }
  }
  requireOneKey(keyIds);
  rows.sort();
}

/**
 * The rank of each record in the order of record ids, by its position in the shards: whatever the
 * shards' order, decisions are made in this one. Ids are keyed digests; their first 96 bits order
 * them, and equal ones are one record (by chance: 6e-16 among ten million).
 * @param room for the rows of a pass
 * @throws MinimizeError RECORD_REPEATED
 */
export async function rankRecords(
  source: SketchSource,
  rowsAPass = ROWS_A_PASS,
  room?: KeyedRows,
): Promise<Int32Array> {
  const total = offsetsOf(source).at(-1) as number;
  const ranks = new Int32Array(total);
  const passes = passesOver(total, rowsAPass);
  // One for all passes: what each would leave behind is not collected before the next needs more.
  const rows = room ?? createKeyedRows(roomOf(total, passes.length));
  let next = 0;
  for (const own of passes) {
    await readIds(source, own, rows);
    for (let from = 0, to = 0; from < rows.length; from = to) {
      to = rows.endOfRun(from);
      const run = to - from === 1 ? [from] : sortRun(rows, from, to);
      if (run.length > 1) requireDistinct(run, rows);
      for (const row of run) ranks[rows.place(row)] = next++;
    }
  }
  return ranks;
}
