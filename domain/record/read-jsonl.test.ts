import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInChunks } from '../../test/support/parse-in-chunks.js';
import { parseJsonl } from './read-jsonl.js';
import type { ParsedRow } from './rows.js';

function read(bytes: Uint8Array, maxRowBytes = 64, sizes: readonly number[] = []): ParsedRow[] {
  return parseInChunks(parseJsonl({ maxRowBytes }), bytes, ...sizes);
}

const outcome = (row: ParsedRow): string => (row.kind === 'bad' ? row.rejection.reason : row.kind);

const nest = (levels: number): string => `${'{"":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`;

describe('parseJsonl', () => {
  it.each<[string, string | Buffer, string[]]>([
    ['LF', '{"a":1}\n{"a":2}\n', ['value', 'value']],
    ['CR LF and no end', '{"a":1}\r\n{"a":2}', ['value', 'value']],
    ['a byte order mark', Buffer.from('\ufeff{"a":1}\n'), ['value']],
    ['blank lines', '{"a":1}\n\n \t\r\n{"a":2}\n', ['value', 'blank', 'blank', 'value']],
    ['no JSON', '{"a":1\n{"a":2}\n', ['NOT_JSON', 'value']],
    [
      'not an object',
      '[1]\n"a"\n1\nnull\n',
      ['NOT_AN_OBJECT', 'NOT_AN_OBJECT', 'NOT_AN_OBJECT', 'NOT_AN_OBJECT'],
    ],
    ['invalid UTF-8', Buffer.from([0x7b, 0xff, 0x7d, 0x0a]), ['NOT_UTF8']],
    ['NUL', '{"a":"\0"}\n', ['NUL_BYTE']],
    ['a line at the limit', `{"a":"${'x'.repeat(392)}"}\r\n`, ['value']],
    ['a line above the limit', `{"a":"${'x'.repeat(393)}"}\n{}\n`, ['ROW_TOO_LARGE', 'value']],
    ['an empty file', '', []],
    ['a member twice', '{"a":1,"a":2}\n{"a":{"a":1}}\n', ['MEMBER_REPEATED', 'value']],
    ['a member twice deep down', '{"a":[{"b":1,"\\u0062":2}]}\n', ['MEMBER_REPEATED']],
    ['colons and quotes inside strings', '{"a":"b\\":c","d\\\\":[":","{"]}\n', ['value']],
    ['a member named __proto__', '{"__proto__":{"a":1}}\n', ['value']],
    ['64 levels and 65', `${nest(64)}\n${nest(65)}\n`, ['value', 'JSON_TOO_DEEP']],
    ['a bomb of brackets', `${'['.repeat(63)}\n`, ['NOT_JSON']],
  ])('%s', (_, input, expected) => {
    expect(read(Buffer.from(input as string), 400).map(outcome)).toEqual(expected);
  });

  it('places rows by line and byte', () => {
    const rows = read(Buffer.from('\ufeff{"a":"é"}\r\n\n{"a":2}\n'));
    expect(rows.map(({ row, byteOffset }) => [row, byteOffset])).toEqual([
      [1, 0],
      [2, 15],
      [3, 16],
    ]);
  });

  it('keeps a bad row byte for byte, cut off at the limit', () => {
    const [bad] = read(Buffer.from(`${'y'.repeat(100)}\n`), 10);
    expect(Buffer.from(bad?.raw ?? []).toString()).toBe('y'.repeat(10));
  });

  it('quotes nothing of a bad row in its rejection', () => {
    const [bad] = read(Buffer.from('{"name": "Jane Roe", oops}\n'));
    expect(bad?.kind === 'bad' && JSON.stringify(bad.rejection)).not.toContain('Jane');
  });

  it('reads the same rows however the bytes are cut', () => {
    const text =
      '\ufeff{"a":"é𝄞"}\r\n\n{"b":1}\r\nno\n{"c":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}';
    const bytes = Buffer.from(text);
    const whole = read(bytes, 40);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 30 }), (sizes) => {
        expect(read(bytes, 40, sizes)).toEqual(whole);
      }),
    );
  });
});
