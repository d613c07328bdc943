import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonl } from './read-jsonl.js';
import type { ParsedRow } from './rows.js';

async function* chunksOf(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  let from = 0;
  for (const size of sizes) {
    yield bytes.subarray(from, from + size);
    from += size;
  }
  yield bytes.subarray(from);
}

async function read(
  bytes: Uint8Array,
  maxRowBytes = 64,
  sizes: readonly number[] = [],
): Promise<ParsedRow[]> {
  const rows: ParsedRow[] = [];
  for await (const row of readJsonl(chunksOf(bytes, sizes), { maxRowBytes })) rows.push(row);
  return rows;
}

const outcome = (row: ParsedRow): string => (row.kind === 'bad' ? row.rejection.reason : row.kind);

describe('readJsonl', () => {
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
    ['a line at the limit', `{"a":"${'x'.repeat(56)}"}\r\n`, ['value']],
    ['a line above the limit', `{"a":"${'x'.repeat(57)}"}\n{}\n`, ['ROW_TOO_LARGE', 'value']],
    ['an empty file', '', []],
  ])('%s', async (_, input, expected) => {
    expect((await read(Buffer.from(input as string))).map(outcome)).toEqual(expected);
  });

  it('places rows by line and byte', async () => {
    const rows = await read(Buffer.from('\ufeff{"a":"é"}\r\n\n{"a":2}\n'));
    expect(rows.map(({ row, byteOffset }) => [row, byteOffset])).toEqual([
      [1, 0],
      [2, 15],
      [3, 16],
    ]);
  });

  it('keeps a bad row byte for byte, cut off at the limit', async () => {
    const [bad] = await read(Buffer.from(`${'y'.repeat(100)}\n`), 10);
    expect(Buffer.from(bad?.raw ?? []).toString()).toBe('y'.repeat(10));
  });

  it('quotes nothing of a bad row in its rejection', async () => {
    const [bad] = await read(Buffer.from('{"name": "Jane Roe", oops}\n'));
    expect(bad?.kind === 'bad' && JSON.stringify(bad.rejection)).not.toContain('Jane');
  });

  it('reads the same rows however the bytes are cut', async () => {
    const text =
      '\ufeff{"a":"é𝄞"}\r\n\n{"b":1}\r\nno\n{"c":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}';
    const bytes = Buffer.from(text);
    const whole = await read(bytes, 40);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 30 }),
        async (sizes) => {
          expect(await read(bytes, 40, sizes)).toEqual(whole);
        },
      ),
    );
  });
});
