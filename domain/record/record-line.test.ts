import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../lineage/index.js';
import { recordLine, shardLines } from './record-line.js';
import { encodeShard } from './shards.js';

const hex = (length: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'.split('')), {
      minLength: length,
      maxLength: length,
    })
    .map((digits) => digits.join(''));
const id = fc.tuple(hex(8), hex(64)).map(([key, digest]) => `${key}:${digest}`);
const record = fc.record(
  {
    id,
    subjectId: id,
    messages: fc.array(
      fc.record({
        role: fc.constantFrom('system', 'user', 'assistant'),
        content: fc.string({ unit: 'binary' }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  },
  { requiredKeys: ['id', 'messages'] },
);

describe('recordLine', () => {
  it('is the canonical form of any record', () => {
    fc.assert(
      fc.property(record, (value) => {
        expect(recordLine(value)).toBe(`${canonicalJson(value)}\n`);
      }),
    );
  });

  it('leaves out a subject that is undefined, as the canonical form does', () => {
    const value = { id: 'a', subjectId: undefined, messages: [] };
    expect(recordLine(value as never)).toBe(`${canonicalJson(value)}\n`);
  });
});

describe('shardLines', () => {
  it('gives the lines of a shard with their ids, and together they are the shard', () => {
    fc.assert(
      fc.property(fc.array(record), (records) => {
        const bytes = encodeShard(records);
        const lines = shardLines(bytes, 'shard');
        expect(lines.map((line) => line.id)).toEqual(records.map((value) => value.id));
        expect(Buffer.concat(lines.map(({ line }) => line))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  const good = recordLine({ id: `${'a'.repeat(8)}:${'b'.repeat(64)}`, messages: [] });
  it.each([
    ['a last line without an end', good + good.slice(0, -1), 2],
    ['an empty line', `${good}\n${good}`, 2],
    ['an id that is none', good.replace('aaaa', 'AAAA'), 1],
    ['a line in another form', `{"messages":[],${good.slice(1)}`, 1],
  ])('refuses %s, naming the record by its number', (_name, text, number) => {
    expect(() => shardLines(Buffer.from(text), 'sha256:abc')).toThrow(
      expect.objectContaining({
        code: 'SHARD_INVALID',
        message: expect.stringContaining(`sha256:abc, record ${String(number)}`) as string,
      }),
    );
  });
});
