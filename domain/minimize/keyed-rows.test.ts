import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readRows } from './equal-texts.js';
import { passesOver } from './keyed-rows.js';
import { rankRecords } from './order-rows.js';
import type { SketchSource } from './sketch-source.js';

const RECORDS = 3_000;
const SHARDS = 7;
const bytesOf = (text: string) => createHash('sha256').update(text).digest();

/** Facts of made-up records, of which every third repeats the text of another. */
function made(): { readonly source: SketchSource; readonly ids: readonly string[] } {
  const counts = Array.from({ length: SHARDS }, (_, at) => (at === 3 ? 0 : RECORDS / (SHARDS - 1)));
  const ids: string[] = [];
  const shards = counts.map((count) => {
    const numbers = Array.from({ length: count }, (_, row) => ids.length + row);
    ids.push(...numbers.map((number) => bytesOf(`id ${String(number)}`).toString('hex')));
    const column = (of: (number: number) => string) =>
      new Uint8Array(Buffer.concat(numbers.map((number) => bytesOf(of(number)))));
    return {
      keyId: '00000000',
      ids: column((number) => `id ${String(number)}`),
      digests: column((number) => `text ${String(number % 3 === 0 ? number % 100 : number)}`),
      chars: Uint32Array.from(numbers, (number) => (number % 50 === 0 ? 1 : 100)),
      bits: Uint32Array.from({ length: 2 * count }, (_, at) => at),
    };
  });
  const none = () => Promise.reject(new Error('not asked for'));
  const facts: SketchSource['facts'] = (shard) =>
    Promise.resolve(shards[shard] ?? (undefined as never));
  return { source: { counts, facts, bands: none, signatures: none }, ids };
}

describe('rows in passes', () => {
  const { source, ids } = made();
  const limits = { minChars: 10, maxChars: 1000 };

  it('ranks by id, whatever a pass holds', async () => {
    const order = [...ids].sort();
    const expected = ids.map((id) => order.indexOf(id));
    for (const rowsAPass of [RECORDS, 700, 64]) {
      expect([...(await rankRecords(source, rowsAPass))]).toEqual(expected);
    }
  });

  it('finds the first of equal texts, whatever a pass holds', async () => {
    const ranks = await rankRecords(source);
    const whole = await readRows(source, ranks, limits);
    expect(whole.heads.filter((head, rank) => head !== rank).length).toBeGreaterThan(500);
    for (const rowsAPass of [700, 64]) {
      expect(await readRows(source, ranks, limits, rowsAPass)).toEqual(whole);
    }
  });

  it('gives every key to one pass', () => {
    const passes = passesOver(10, 3);
    expect(passes).toHaveLength(4);
    for (const key of [0, 1, 2 ** 30 - 1, 2 ** 30, 2 ** 31, 2 ** 32 - 1]) {
      expect(passes.filter((own) => own(key))).toHaveLength(1);
    }
  });
});
