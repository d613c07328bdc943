import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrainingRecord } from '../../schemas/index.js';
import { sha256 } from '../lineage/digest.js';
import { cutShards, decodeShard, decodeShardByTurns, encodeShard } from './shards.js';

function record(name: string, content = name): TrainingRecord {
  const id = `00000000:${createHash('sha256').update(name).digest('hex')}`;
  return {
    id,
    messages: [
      { role: 'user', content },
      { role: 'assistant', content: 'ok' },
    ],
  };
}

const many = (count: number): TrainingRecord[] =>
  Array.from({ length: count }, (_, at) => record(`r${String(at)}`));
const MEAN = { records: 64, bytes: 1 << 20 };
const digests = (records: readonly TrainingRecord[], mean = MEAN): Set<string> =>
  new Set(cutShards(records, mean).map(({ bytes }) => sha256(bytes)));

describe('cutShards', () => {
  it('keeps order, loses nothing and stays within its bounds', () => {
    const records = many(5000);
    const shards = cutShards(records, MEAN).map((shard) => shard.records);
    expect(shards.flat()).toEqual(records);
    const sizes = shards.map(({ length }) => length);
    expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThanOrEqual(16);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(256);
    const mean = records.length / shards.length;
    expect(mean).toBeGreaterThan(48);
    expect(mean).toBeLessThan(80);
  });

  it.each([0, 1234, 4999])('changes few shards when a record is inserted at %i', (at) => {
    const before = digests(many(5000));
    const after = digests(many(5000).toSpliced(at, 0, record('new')));
    const fresh = [...after].filter((digest) => !before.has(digest));
    expect(fresh.length).toBeGreaterThanOrEqual(1);
    expect(fresh.length).toBeLessThanOrEqual(5);
  });

  it('changes one shard when a record changes its content only', () => {
    const before = digests(many(2000));
    const after = digests(many(2000).with(700, record('r700', 'other')));
    expect([...after].filter((digest) => !before.has(digest))).toHaveLength(1);
  });

  it('cuts nothing into nothing', () => {
    expect(cutShards([], MEAN)).toEqual([]);
  });
});

describe('boundaries', () => {
  const means = fc.record({
    records: fc.integer({ min: 4, max: 64 }),
    bytes: fc.integer({ min: 500, max: 20_000 }),
  });
  const sizes = fc.array(fc.integer({ min: 1, max: 1500 }), { minLength: 1, maxLength: 400 });
  const recordsOf = (lengths: readonly number[]) =>
    lengths.map((length, at) => record(`r${String(at)}`, 'x'.repeat(length)));

  it('lie within their bounds, in records and in bytes, and lose nothing', () => {
    fc.assert(
      fc.property(sizes, means, (lengths, mean) => {
        const records = recordsOf(lengths);
        const shards = cutShards(records, mean);
        expect(shards.flatMap((shard) => shard.records)).toEqual(records);
        for (const [at, shard] of shards.entries()) {
          const last = encodeShard(shard.records.slice(-1)).length;
          expect(shard.bytes).toEqual(encodeShard(shard.records));
          expect(shard.records.length).toBeLessThanOrEqual(4 * mean.records);
          expect(shard.bytes.length - last).toBeLessThan(4 * mean.bytes);
          if (at === shards.length - 1) continue;
          const full =
            shard.records.length >= mean.records / 4 || shard.bytes.length >= mean.bytes / 4;
          expect(full).toBe(true);
        }
      }),
    );
  });

  it('are the same for the same records', () => {
    fc.assert(
      fc.property(sizes, means, (lengths, mean) => {
        const records = recordsOf(lengths);
        expect(cutShards(records, mean)).toEqual(cutShards(records, mean));
      }),
    );
  });

  it('hold the mean in bytes where records are large', () => {
    const records = Array.from({ length: 4000 }, (_, at) =>
      record(`r${String(at)}`, 'x'.repeat(2000)),
    );
    const mean = { records: 10_000, bytes: 64 * 1024 };
    const shards = cutShards(records, mean);
    const bytes = shards.reduce((sum, shard) => sum + shard.bytes.length, 0) / shards.length;
    expect(bytes).toBeGreaterThan(0.75 * mean.bytes);
    expect(bytes).toBeLessThan(1.25 * mean.bytes);
  });

  // What follows an edit is cut as before, once both cuttings have ended a shard at one record.
  it.each(['insert', 'delete', 'edit'] as const)('come together again after an %s', (kind) => {
    let fresh = 0;
    const runs = 40;
    for (let run = 0; run < runs; run++) {
      const name = (at: number) => `${String(run)}-${String(at)}`;
      const records = Array.from({ length: 2000 }, (_, at) => record(name(at)));
      const at = (run * 48) % 1900;
      const changed = {
        insert: () => records.toSpliced(at, 0, record(`new${String(run)}`)),
        delete: () => records.toSpliced(at, 1),
        edit: () => records.with(at, record(name(at), 'x'.repeat(40))),
      }[kind]();
      const mean = { records: 32, bytes: 1 << 20 };
      const before = digests(records, mean);
      const made = [...digests(changed, mean)].filter((digest) => !before.has(digest)).length;
      expect(made).toBeLessThanOrEqual(8);
      fresh += made;
    }
    expect(fresh / runs).toBeLessThan(2);
  });
});

describe('encodeShard', () => {
  it('round-trips any text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 5 }), (contents) => {
        const records = contents.map((content, at) => record(String(at), content));
        expect(decodeShard(encodeShard(records), 'shard')).toEqual(records);
        const turns = [...decodeShardByTurns(encodeShard(records), 'shard', 3)];
        expect(turns.flat()).toEqual(records);
        expect(turns.every(({ length }) => length > 0 && length <= 3)).toBe(true);
      }),
    );
  });

  it('writes one canonical line a record', () => {
    const text = Buffer.from(encodeShard([record('a')])).toString();
    expect(text).toMatch(/^\{"id":"[^\n]+","messages":\[[^\n]+\]\}\n$/);
  });

  it.each([
    ['a line without an end', '{"id":'],
    ['no JSON', 'Jane Roe\n'],
    ['no record', '{"id":"Jane Roe"}\n'],
  ])('refuses %s without quoting it', (_, text) => {
    const attempt = (): unknown => decodeShard(Buffer.from(text), 'sha256:abc');
    const byTurns = (): unknown => [...decodeShardByTurns(Buffer.from(text), 'sha256:abc', 1)];
    for (const read of [attempt, byTurns]) {
      expect(read).toThrow(/sha256:abc/);
      expect(read).not.toThrow(/Jane/);
    }
  });
});
