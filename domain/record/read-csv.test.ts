import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInChunks } from '../../test/support/parse-in-chunks.js';
import type { CsvDialect } from './csv-quotes.js';
import { parseCsv, type CsvOptions } from './read-csv.js';
import type { ParsedRow } from './rows.js';

const dialect: CsvDialect = { delimiter: ',', quote: '"', terminator: 'LF' };

function read(
  input: string | Uint8Array,
  size = 7,
  maxRowBytes = 200,
  change: Partial<CsvOptions> = {},
): ParsedRow[] {
  const bytes = typeof input === 'string' ? Buffer.from(input) : input;
  return parseInChunks(parseCsv({ maxRowBytes, dialect, columns: [], ...change }), bytes, size);
}

const outcome = (row: ParsedRow): unknown =>
  row.kind === 'bad' ? row.rejection.reason : row.kind === 'value' ? row.value : 'blank';

describe('readCsv', () => {
  it.each<[string, string, unknown[]]>([
    ['plain', 'a,b\n1,2\n', [{ a: '1', b: '2' }]],
    ['a byte order mark and CR LF', '\ufeffa,b\r\n1,2\r\n', [{ a: '1', b: '2' }]],
    ['quotes and commas', 'a,b\n"x, ""y""",2\n', [{ a: 'x, "y"', b: '2' }]],
    [
      'new lines inside quotes, kept as they are',
      'a,b\n"x\r\ny\nz",2\n',
      [{ a: 'x\r\ny\nz', b: '2' }],
    ],
    ['white space kept', 'a,b\n 1 ,2\n', [{ a: ' 1 ', b: '2' }]],
    [
      'empty fields',
      'a,b\n,\n"",""\n',
      [
        { a: '', b: '' },
        { a: '', b: '' },
      ],
    ],
    ['no end', 'a,b\n1,2', [{ a: '1', b: '2' }]],
    ['a blank line', 'a,b\n\n1,2\n', ['blank', { a: '1', b: '2' }]],
    [
      'too few and too many',
      'a,b\n1\n1,2,3\n1,2\n',
      ['CSV_COLUMNS', 'CSV_COLUMNS', { a: '1', b: '2' }],
    ],
    ['a quote inside a bare field', 'a,b\n1"x,2\n1,2\n', ['CSV_QUOTES', { a: '1', b: '2' }]],
    ['text after a closing quote', 'a,b\n"1"x,2\n1,2\n', ['CSV_QUOTES', { a: '1', b: '2' }]],
    ['a quote that never closes', 'a,b\n"1,2\n3,4\n', ['CSV_QUOTES', { a: '3', b: '4' }]],
    ['a column named __proto__', '__proto__,b\n1,2\n', [JSON.parse('{"__proto__":"1","b":"2"}')]],
  ])('%s', (_, input, expected) => {
    expect(read(input).map(outcome)).toEqual(expected);
  });

  it('goes on after a quoted field that outgrows the limit', () => {
    const rows = read(`a,b\n"1${'\nx'.repeat(200)}\n3,4\n`);
    expect(outcome(rows[0] as ParsedRow)).toBe('ROW_TOO_LARGE');
    expect(outcome(rows.at(-1) as ParsedRow)).toEqual({ a: '3', b: '4' });
  });

  it('reports invalid UTF-8 and NUL', () => {
    const rows = read(Buffer.from('a,b\n1,\xff\n1,\0\n', 'latin1'));
    expect(rows.map(outcome)).toEqual(['NOT_UTF8', 'NUL_BYTE']);
  });

  it('counts the header as row 1 and gives byte offsets', () => {
    const rows = read('a,b\n"x\ny",2\n3,4\n');
    expect(rows.map(({ row, byteOffset }) => [row, byteOffset])).toEqual([
      [2, 4],
      [3, 12],
    ]);
  });

  it.each([
    ['an empty file', ''],
    ['a repeated name', 'a,a\n1,2\n'],
    ['a nameless column', 'a,\n1,2\n'],
    ['a header with an open quote', '"a,b\n'],
  ])('stops at a wrong header: %s', (_, input) => {
    expect(() => read(input)).toThrow(expect.objectContaining({ code: 'SOURCE_HEADER' }));
  });

  it('gives back what RFC 4180 quoting wrote, however the bytes are cut', () => {
    const field = fc.string({
      unit: fc.constantFrom('a', '"', ',', '\n', '\r', 'é', ' '),
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(field, field), { maxLength: 6 }),
        fc.integer({ min: 1, max: 9 }),
        (rows, size) => {
          const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
          const body = rows.map((row) => `${row.map(quote).join(',')}\n`).join('');
          const values = read(`a,b\n${body}`, size).map(outcome);
          expect(values).toEqual(rows.map(([a, b]) => ({ a, b })));
        },
      ),
    );
  });
});
