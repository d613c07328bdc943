import { createKeyedRows, passesOver, ROWS_A_PASS, type KeyedRows } from './keyed-rows.js';
import { wordOf, type SketchSource } from './sketch-source.js';
import { SKETCH_BITS_WORDS, type Facts } from './sketch.js';

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
  readonly bits: Uint32Array;
}

interface Limits {
  readonly minChars: number;
  readonly maxChars: number;
}

const lengthOf = (chars: number, { minChars, maxChars }: Limits): number =>
  chars < minChars ? TOO_SHORT : chars > maxChars ? TOO_LONG : FITS;

/** Lengths and one-bit sketches of a shard's records, by rank. */
function writeColumns(
  { chars, bits }: Facts,
  own: Int32Array,
  limits: Limits,
  columns: Pick<Rows, 'lengths' | 'bits'>,
): void {
  own.forEach((rank, row) => {
    columns.lengths[rank] = lengthOf(chars[row] as number, limits);
    for (let word = 0; word < SKETCH_BITS_WORDS; word++) {
      columns.bits[SKETCH_BITS_WORDS * rank + word] = bits[
        SKETCH_BITS_WORDS * row + word
      ] as number;
    }
  });
}

/** The texts' digests of one pass (96 bits of each), sorted; the place of each is its rank. */
async function readDigests(
  source: SketchSource,
  ranks: Int32Array,
  lengths: Uint8Array,
  own: (word: number) => boolean,
  visit: (facts: Facts, ranks: Int32Array) => void,
): Promise<KeyedRows> {
  const rows = createKeyedRows(0);
  let position = 0;
  for (const [shard, count] of source.counts.entries()) {
    const facts = await source.facts(shard);
    visit(facts, ranks.subarray(position, position + count));
    for (let row = 0; row < count; row++) {
      const rank = ranks[position++] as number;
      const word = wordOf(facts.digests, row, 0);
      if (lengths[rank] !== FITS || !own(word)) continue;
      rows.push(word, wordOf(facts.digests, row, 1), wordOf(facts.digests, row, 2), rank);
    }
  }
  rows.sort();
  return rows;
}

/** What is known of every record from its facts, equal texts grouped. */
export async function readRows(
  source: SketchSource,
  ranks: Int32Array,
  limits: Limits,
  rowsAPass = ROWS_A_PASS,
): Promise<Rows> {
  const total = ranks.length;
  const lengths = new Uint8Array(total);
  const bits = new Uint32Array(SKETCH_BITS_WORDS * total);
  const heads = new Int32Array(total);
  for (let rank = 0; rank < total; rank++) heads[rank] = rank;
  for (const [pass, own] of passesOver(total, rowsAPass).entries()) {
    // The first pass reads everything else on its way.
    const digests = await readDigests(source, ranks, lengths, own, (facts, ownRanks) => {
      if (pass === 0) writeColumns(facts, ownRanks, limits, { lengths, bits });
    });
    setHeads(heads, digests);
  }
  return { total, lengths, heads, bits };
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
