import { describe, expect, it } from 'vitest';
import {
  csvRow,
  linesOf,
  REDACT_FORMATS,
  type RedactFormatName,
  type RedactItem,
} from './redact-input.js';

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
  const lines = linesOf(inChunks(Buffer.from(input), size));
  for await (const item of REDACT_FORMATS[format].read(lines)) items.push(item);
  return items;
}

describe('input to redact', () => {
  it('as text comes back whole, line ends and all', async () => {
    const text = `José\r\n\r\n${'a long line of it\n'.repeat(2_000)}no end`;
    const items = await read('text', text, 1_000);
    expect(items.flatMap(({ texts }) => texts).join('')).toBe(text);
    expect(items.length).toBeGreaterThan(1);
    expect(items.every(({ texts: [block = ''] }) => block.length < 20_000)).toBe(true);
  });

  it('as CSV has a heading, quoted cells with line ends, and gives them back', async () => {
    const csv = 'id,note\n1,"Roe, ""Jane""\nBerlin"\n2,\n';
    const items = await read('csv', csv);
    expect(items).toEqual([
      { row: 1, texts: ['id', 'note'], heading: true },
      { row: 2, texts: ['1', 'Roe, "Jane"\nBerlin'] },
      { row: 4, texts: ['2', ''] },
    ]);
    expect(items.map(({ texts }) => csvRow(texts)).join('')).toBe(csv);
  });

  it.each([
    ['text', Buffer.from([0x61, 0x0a, 0xff, 0x0a]), 'row 2: not UTF-8'],
    ['jsonl', '{"text":"a"}\n{"text":1}\n', 'row 2: /text is not a string'],
    ['jsonl', '{"text":"a"}\n{"te\n', 'row 2: not JSON'],
    ['csv', 'a,b\n1,2\n1,2,3\n', 'row 3: 3 cells where the first row has 2'],
    ['csv', 'a,b\n1,"2\n', 'row 2: a quoted cell does not end'],
    ['csv', 'a,b\n1,2"x"\n', 'row 2: a quote inside a cell'],
  ] as const)('as %s that is wrong is refused with its row', async (format, input, message) => {
    await expect(read(format, input)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(message) as string,
    });
  });
});
