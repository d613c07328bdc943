import { createKeyedRows, passesOver, roomOf, ROWS_A_PASS, type KeyedRows } from './keyed-rows.js';
import { wordOf, type SketchSource } from './sketch-source.js';

export const FITS = 0;
export const TOO_SHORT = 1;
const TOO_LONG = 2;

/** What is known of every record after one pass over the facts; all by rank. */
export interface Rows {
  readonly total: number;
  /** FITS, TOO_SHORT or TOO_LONG. */
  readonly lengths: Uint8Array;
  /** Lowest rank with an equal normalized text of a fitting length: itself where it is the first. */
  readonly heads: Int32Array;
}

interface Limits {
  readonly minChars: number;
  readonly maxChars: number;
}

const lengthOf = (chars: number, { minChars, maxChars }: Limits): number =>
  chars < minChars ? TOO_SHORT : chars > maxChars ? TOO_LONG : FITS;

/** Reads the texts' digests of one pass (96 bits of each), sorted; the place of each is its rank. */
async function readDigests(
  source: SketchSource,
  ranks: Int32Array,
  fits: (rank: number, chars: number) => boolean,
  own: (word: number) => boolean,
  rows: KeyedRows,
): Promise<void> {
  rows.clear();
  let position = 0;
  for (const [shard, count] of source.counts.entries()) {
    const { chars, digests } = await source.facts(shard);
    for (let row = 0; row < count; row++) {
      const rank = ranks[position++] as number;
      const word = wordOf(digests, row, 0);
      if (!fits(rank, chars[row] as number) || !own(word)) continue;
      rows.push(word, wordOf(digests, row, 1), wordOf(digests, row, 2), rank);
    }
  }
  rows.sort();
}

/** What is known of every record from its facts, equal texts grouped. @param room as of ranks */
export async function readRows(
  source: SketchSource,
  ranks: Int32Array,
  limits: Limits,
  rowsAPass = ROWS_A_PASS,
  room?: KeyedRows,
): Promise<Rows> {
  const total = ranks.length;
  const lengths = new Uint8Array(total);
  const heads = new Int32Array(total);
  for (let rank = 0; rank < total; rank++) heads[rank] = rank;
  const passes = passesOver(total, rowsAPass);
  const digests = room ?? createKeyedRows(roomOf(total, passes.length));
  // Every pass finds the lengths on its way.
  const fits = (rank: number, chars: number): boolean =>
    (lengths[rank] = lengthOf(chars, limits)) === FITS;
  for (const own of passes) {
    await readDigests(source, ranks, fits, own, digests);
    setHeads(heads, digests);
  }
  return { total, lengths, heads };
}

/** Writes the lowest rank of each text over the ranks of all its records. */
function setHeads(heads: Int32Array, rows: KeyedRows): void {
  for (let from = 0, to = 0; from < rows.length; from = to) {
    to = rows.endOfRun(from);
    if (to - from === 1) continue;
    const keyOf = (row: number) => `${String(rows.word1(row))}:${String(rows.word2(row))}`;
    const first = new Map<string, number>();
    for (let row = from; row < to; row++) {
      const key = keyOf(row);
      first.set(key, Math.min(rows.place(row), first.get(key) ?? Infinity));
    }
    for (let row = from; row < to; row++) {
      heads[rows.place(row)] = first.get(keyOf(row)) as number;
    }
  }
}
