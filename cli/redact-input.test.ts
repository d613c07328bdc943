import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvRow, REDACT_FORMATS, type RedactFormatName, type RedactItem } from './redact-input.js';
import { linesOf } from './redact-lines.js';

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    yield await Promise.resolve(bytes.subarray(at, at + size));
  }
}

async function read(
  format: RedactFormatName,
  input: string | Buffer,
  size = 3,
): Promise<RedactItem[]> {
  const items: RedactItem[] = [];
  const { read: readItems, long } = REDACT_FORMATS[format];
  const lines = linesOf(inChunks(Buffer.from(input), size), long);
  for await (const group of readItems(lines)) items.push(...group);
  return items;
}

const rawOf = (items: readonly RedactItem[]): string => items.map(({ raw }) => raw).join('');

describe('input to redact', () => {
  it('as text comes back whole, line ends and all', async () => {
    const text = `José\r\n\r\n${'a long line of it\n'.repeat(2_000)}no end`;
    const items = await read('text', text, 1_000);
    expect(items.flatMap(({ texts }) => texts).join('')).toBe(text);
    expect(rawOf(items)).toBe(text);
    expect(items.length).toBeGreaterThan(1);
    expect(items.every(({ texts: [block = ''] }) => block.length < 20_000)).toBe(true);
  });

  it('as text without line ends is cut between words, or at least between characters', async () => {
    for (const unit of ['a few words 張 ', '張', '👋']) {
      const text = unit.repeat(400_000 / unit.length);
      const items = await read('text', text, 65_536);
      expect(rawOf(items)).toBe(text);
      expect(items.length).toBeGreaterThan(1);
      const inWords = items.slice(0, -1).every(({ raw }) => raw.endsWith(' '));
      expect(inWords).toBe(unit.includes(' '));
      expect(rawOf(items)).not.toContain('\ufffd');
    }
  });

  it('as CSV takes cells as they were, whatever they hold', async () => {
    const cell = fc.string({ unit: fc.constantFrom('"', ',', '\n', 'a', ' ') });
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { minLength: 2, maxLength: 4 }), async (cells) => {
        const row = csvRow(cells);
        fc.pre(row.trim() !== '');
        const [heading, again] = await read('csv', `${cells.map(() => 'h').join(',')}\n${row}`);
        expect([heading?.texts.length, again?.texts]).toEqual([cells.length, cells]);
      }),
    );
  });

  it('as CSV takes a quoted cell of many megabytes', async () => {
    const long = 'a "" b'.repeat(4_000_000);
    const items = await read('csv', `id,note\n1,"${long}"\n`, 1 << 20);
    expect(items[1]?.texts[1]?.length).toBe((long.length / 6) * 5);
  });

  it('as CSV has a heading, quoted cells with line ends, and gives them back', async () => {
    const csv = 'id,note\n\n1,"Roe, ""Jane""\nBerlin"\n2,\n\n';
    const items = await read('csv', csv);
    expect(items).toEqual([
      { row: 1, texts: ['id', 'note'], raw: 'id,note\n', delimiter: ',', kind: 'heading' },
      {
        row: 3,
        texts: ['1', 'Roe, "Jane"\nBerlin'],
        raw: '\n1,"Roe, ""Jane""\nBerlin"\n',
        delimiter: ',',
      },
      { row: 5, texts: ['2', ''], raw: '2,\n', delimiter: ',' },
      { row: 6, texts: [], raw: '\n', kind: 'filler' },
    ]);
    expect(rawOf(items)).toBe(csv);
    expect(csvRow(items[1]?.texts ?? [])).toBe('1,"Roe, ""Jane""\nBerlin"\n');
  });

  it.each([
    [';', 'id;note\n1;"Roe; Jane, Berlin"\n'],
    ['\t', 'id\tnote\n1\t"Roe, ""Jane""\tBerlin"\n'],
    ['|', '\ufeff\nid|note\n1|"Roe | Jane"\n'],
    [',', 'note\nRoe; Jane | Berlin\n'],
  ])('as CSV by %j is read and written by it', async (delimiter, csv) => {
    const items = await read('csv', csv, 1_000);
    expect(rawOf(items)).toBe(csv);
    const rows = items.map(({ texts, delimiter: by }) => csvRow(texts, by));
    expect(rows.join('')).toBe(csv.replace(/^\ufeff\n/, ''));
    expect(items[0]?.delimiter).toBe(delimiter);
  });

  it('as JSON lines may begin with a byte order mark and hold empty lines', async () => {
    const lines = '\ufeff{"text":"a"}\n\n{"text":"b","more":1}';
    const items = await read('jsonl', lines);
    expect(items.map(({ row, texts }) => [row, texts[0]])).toEqual([
      [1, 'a'],
      [3, 'b'],
    ]);
    expect(rawOf(items)).toBe(lines);
  });

  it.each([
    ['text', Buffer.from([0x61, 0x0a, 0x62, 0xff, 0x0a]), 'line 2, byte 3: not UTF-8'],
    ['text', Buffer.from([0xc3, 0xa9, 0xed, 0xa0, 0x80]), 'line 1, byte 2: not UTF-8'],
    ['text', Buffer.from([0x61, 0xe2, 0x82]), 'line 1, byte 1: not UTF-8'],
    ['jsonl', '{"text":"é"}\n{"text":1}\n', 'line 2, byte 14: /text is not a string'],
    ['jsonl', '{"text":"a"}\nnull\n', 'line 2, byte 13: /text is not a string'],
    ['jsonl', '{"text":"a"}\n{"text":"é",}\n', 'line 2, byte 26: not JSON'],
    ['jsonl', '{"text":"a"}\n{"te', 'line 2, byte 17: not JSON'],
    ['csv', 'a,b\n1,2\n1,2,3\n', 'line 3, byte 8: 3 cells where the first row has 2'],
    ['csv', 'a;b\n1;2\n1;2;3\n', 'quote cells that hold semicolons'],
    ['csv', 'a,b\n1,"2\n', 'line 2, byte 4: a quoted cell does not end'],
    ['csv', 'a,b\n1,2"x"\n', 'line 2, byte 4: a quote inside a cell'],
    ['csv', 'a,b\n1,"x"y"z"\n', 'line 2, byte 4: a quote inside a cell'],
  ] as const)('as %s that is wrong is refused with its place', async (format, input, message) => {
    await expect(read(format, input)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(message) as string,
    });
  });

  it('refuses a row that is too long to hold', async () => {
    await expect(read('jsonl', Buffer.alloc((64 << 20) + 1, 0x20), 1 << 20)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('line 1, byte 0: a line of more than 64 MiB') as string,
    });
  });
});
