import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  compileSource,
  quarantinedRow,
  readRows,
  type QuarantinedRow,
} from '../domain/record/index.js';
import { openSourceStore } from '../infra/sources/index.js';
import { reingest } from './reingest.js';

const purpose = 'a test';
const source = compileSource({
  name: 'tickets',
  path: 'any',
  format: 'jsonl',
  shape: 'prompt',
  fields: [
    { name: 'prompt', from: '/q', purpose },
    { name: 'completion', from: '/a', purpose },
  ],
});
const store = openSourceStore(undefined);
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custos-reingest-'));
  await writeFile(
    join(folder, 'in.jsonl'),
    '{"q":"a","a":"b"}\n{"q":\n{"q":"c","a":"d"}\n{"q":"e"}\n',
  );
});

afterEach(() => rm(folder, { recursive: true }));

/** What `export` would write of the rows 2 and 4. */
async function exported(): Promise<QuarantinedRow[]> {
  const manifest = await store.fingerprint({ path: join(folder, 'in.jsonl') });
  const place = { source: 'tickets', file: 1, byteOffset: 0, pointer: '', expected: 'x' };
  return [
    quarantinedRow({ ...place, row: 2, reason: 'NOT_JSON' }, Buffer.from('{"q":'), manifest),
    quarantinedRow(
      { ...place, row: 4, reason: 'FIELD_MISSING' },
      Buffer.from('{"q":"e"}'),
      manifest,
    ),
  ];
}

async function attempt(rows: readonly object[]) {
  const path = join(folder, 'edited.jsonl');
  await writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return reingest(path, [source], join(folder, 'out'));
}

/** The values of the source, corrections included; a bad row as its reason. */
async function valuesOf(corrections: string): Promise<unknown[]> {
  const location = { path: join(folder, 'in.jsonl'), corrections };
  const contents = await store.open(location, await store.fingerprint(location));
  const values: unknown[] = [];
  for await (const row of readRows(source, contents, { maxRowBytes: 1000 })) {
    values.push(row.kind === 'value' ? row.value : row.kind === 'bad' && row.rejection.reason);
  }
  return values;
}

describe('reingest', () => {
  it('puts corrected rows in the place of the quarantined ones', async () => {
    const [first, second] = await exported();
    expect(second?.value).toEqual({ q: 'e' });
    const done = await attempt([
      { ...first, value: { q: 'mended', a: 'so' } },
      { ...second, value: { q: 'e', a: 'f' } },
    ]);
    const file = join(folder, 'out/tickets.corrections.jsonl');
    expect(done).toEqual({
      corrections: [{ source: 'tickets', file, rows: 2 }],
      untouched: 0,
      wrong: [],
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await valuesOf(file)).toEqual([
      { q: 'a', a: 'b' },
      { q: 'mended', a: 'so' },
      { q: 'c', a: 'd' },
      { q: 'e', a: 'f' },
    ]);
  });

  it('writes nothing while a row is still wrong, and says which', async () => {
    const [first, second] = await exported();
    const done = await attempt([{ ...first, value: null }, second ?? {}]);
    expect(done).toMatchObject({
      corrections: [],
      untouched: 1,
      wrong: [{ line: 2, reason: 'FIELD_MISSING', pointer: '/a' }],
    });
    await expect(stat(join(folder, 'out'))).rejects.toThrow();
  });

  it('voids a correction when the file has changed, and does not lose it in silence', async () => {
    const [first] = await exported();
    await attempt([{ ...first, value: { q: 'mended', a: 'so' } }]);
    const file = join(folder, 'out/tickets.corrections.jsonl');
    await writeFile(join(folder, 'in.jsonl'), '{"q":"new","a":"b"}\n');
    expect(await valuesOf(file)).toEqual([{ q: 'new', a: 'b' }, 'CORRECTION_UNMATCHED']);
    await writeFile(file, 'no\n{"row":1}\n');
    expect(await valuesOf(file)).toEqual([{ q: 'new', a: 'b' }, 'NOT_JSON', 'CORRECTION_INVALID']);
  });

  it.each([
    ['of another run', [{ source: 'other', row: 1, digest: 'x', value: {} }]],
    ['no JSON', [] as object[]],
  ])('refuses a file that is %s', async (_, rows) => {
    const path = join(folder, 'edited.jsonl');
    await writeFile(path, rows.length === 0 ? 'Jane Roe\n' : JSON.stringify(rows[0]));
    const failed = reingest(path, [source], join(folder, 'out'));
    await expect(failed).rejects.toMatchObject({ code: 'USAGE' });
    await expect(failed).rejects.not.toThrow(/Jane/);
    expect(await readFile(path, 'utf8')).not.toBe('');
  });
});
