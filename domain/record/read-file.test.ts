import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { memoryFile } from '../../test/support/memory-file.js';
import { compileSource, type SourceSpec } from './compile-source.js';
import { readRows } from './read-rows.js';
import type { FileRow } from './rows.js';

const purpose = 'answers to customers';
const base: SourceSpec = {
  name: 'tickets',
  path: 'any',
  format: 'auto',
  shape: 'prompt',
  fields: [
    { name: 'prompt', from: 'q', purpose },
    { name: 'completion', from: 'a', purpose },
  ],
};

async function read(
  name: string,
  bytes: Uint8Array | string,
  change: Partial<SourceSpec> = {},
): Promise<FileRow[]> {
  const file = memoryFile(name, typeof bytes === 'string' ? Buffer.from(bytes) : bytes, 7);
  const source = compileSource({ ...base, ...change });
  const rows: FileRow[] = [];
  for await (const row of readRows(source, { files: [file] }, { maxRowBytes: 500 })) rows.push(row);
  return rows;
}

const outcome = (row: FileRow): unknown =>
  row.kind === 'value' ? [row.value['q'], row.value['a']] : row.kind;

const LINES = '{"q":"wié","a":"so"}\n{"q":"x","a":"y"}\n';
const VALUES = [
  ['wié', 'so'],
  ['x', 'y'],
];
const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');

const parquet = (): Uint8Array =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'q', data: ['wié', 'x'], type: 'STRING' },
        { name: 'a', data: ['so', 'y'], type: 'STRING' },
        { name: 'secret', data: ['never', 'never'], type: 'STRING' },
      ],
    }),
  );

describe('readRows', () => {
  it.each<[string, string, Uint8Array | string, Partial<SourceSpec>]>([
    ['JSON Lines', 'a.jsonl', LINES, {}],
    ['JSON Lines by its content', 'a.data', LINES, {}],
    ['a JSON array', 'a.json', ` [${LINES.trim().replace('\n', ' ,\r\n')}]\n`, {}],
    ['lines named .json', 'a.json', LINES, {}],
    ['CSV', 'a.csv', 'q,a\nwié,so\n"x",y', {}],
    ['CSV with semicolons', 'a.csv', 'a;q;z\nso;wié;1,2\n"y";x;"3,4"\n', {}],
    ['CSV with single quotes', 'a.csv', "q,a\n'wié',so\n'x','y'\n", {}],
    ['CSV by its content', 'export', 'q|a\nwié|so\nx|y\n', {}],
    ['CSV ended by CR', 'a.csv', 'q,a\rwié,so\rx,y\r', {}],
    ['TSV', 'a.tsv', 'q\ta\nwié\tso\nx\ty\n', {}],
    ['CSV without a header', 'a.csv', 'wié,so\nx,y\n', { csv: { columns: ['q', 'a'] } }],
    ['UTF-16 LE', 'a.jsonl', utf16(LINES), {}],
    ['UTF-16 BE', 'a.jsonl', utf16(LINES).swap16(), {}],
    ['Latin-1', 'a.jsonl', Buffer.from(LINES, 'latin1'), { encoding: 'windows-1252' }],
    ['gzip', 'a.jsonl.gz', gzipSync(LINES), {}],
    [
      'gzip in two members',
      'a.csv',
      Buffer.concat([gzipSync('q,a\nwié,'), gzipSync('so\nx,y')]),
      {},
    ],
    ['Parquet', 'a.parquet', parquet(), {}],
    ['Parquet by its content', 'a', parquet(), {}],
  ])('reads %s', async (_, name, bytes, change) => {
    expect((await read(name, bytes, change)).map(outcome)).toEqual(VALUES);
  });

  it('reads a text file as one row', async () => {
    const rows = await read('a.txt', '\ufeffDear,\nyours', {
      fields: [
        { name: 'prompt', value: 'Write a letter', purpose },
        { name: 'completion', from: 'text', purpose },
      ],
    });
    expect(rows).toMatchObject([{ kind: 'value', value: { text: 'Dear,\nyours' } }]);
  });

  it('reads only mapped columns of Parquet', async () => {
    const [row] = await read('a.parquet', parquet());
    expect(row?.kind === 'value' && Object.keys(row.value)).toEqual(['q', 'a']);
    expect(Buffer.from(row?.raw ?? []).toString()).toBe('{"q":"wié","a":"so"}');
  });
});
