import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrainingRecord } from '../../schemas/index.js';
import { sha256 } from '../lineage/digest.js';
import { cutShards, decodeShard, encodeShard } from './shards.js';

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
const digests = (records: readonly TrainingRecord[], mean = 64): Set<string> =>
  new Set(cutShards(records, mean).map((shard) => sha256(encodeShard(shard))));

describe('cutShards', () => {
  it('keeps order, loses nothing and stays within its bounds', () => {
    const records = many(5000);
    const shards = cutShards(records, 64);
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
    expect(cutShards([], 64)).toEqual([]);
  });
});

describe('encodeShard', () => {
  it('round-trips any text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 5 }), (contents) => {
        const records = contents.map((content, at) => record(String(at), content));
        expect(decodeShard(encodeShard(records), 'shard')).toEqual(records);
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
    expect(attempt).toThrow(/sha256:abc/);
    expect(attempt).not.toThrow(/Jane/);
  });
});
