import { describe, expect, it } from 'vitest';
import type { RecordDecisions } from './record-decisions.js';
import { sliceDecisions } from './slice-decisions.js';

const digest = `sha256:${'0'.repeat(64)}`;
const decided = (change: Partial<RecordDecisions> = {}): RecordDecisions => ({
  recordDigest: digest,
  rejected: false,
  added: [],
  wrong: [],
  removed: [],
  ...change,
});
const place = { message: 0, start: 0, end: 4, type: 'PERSON' };

describe('sliceDecisions', () => {
  it('puts each decision into the slice of its shard, by record id', () => {
    const byRecord = new Map([
      ['r3', decided({ rejected: true })],
      ['r1', decided({ added: [place] })],
      ['r2', decided({ wrong: [{ ...place, source: { start: 0, end: 8 } }] })],
    ]);
    const slices = sliceDecisions(byRecord, { r1: 2, r2: 0, r3: 2 }, 3);
    expect(slices.map((slice) => slice.map(({ recordId }) => recordId))).toEqual([
      ['r2'],
      [],
      ['r1', 'r3'],
    ]);
  });

  it('says nothing of records that were shown and left as they are', () => {
    expect(sliceDecisions(new Map([['r1', decided()]]), { r1: 0 }, 2)).toEqual([[], []]);
  });

  it.each([[{}], [{ r1: 2 }]])('refuses a record that lies in no shard (%o)', (shardOf) => {
    const byRecord = new Map([['r1', decided()]]);
    expect(() => sliceDecisions(byRecord, shardOf as Record<string, number>, 2)).toThrow(
      'in no shard',
    );
  });
});
