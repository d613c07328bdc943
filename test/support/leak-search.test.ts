import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import initSqlJs from 'sql.js';
import { describe, expect, it } from 'vitest';
import { filesHolding, textsIn } from './leak-search.js';

const TEXT = 'Zebedee Quillfeather-Ox';
const OTHER = 'Ottoline Quillfeather-Ox';

const base64 = (bytes: Uint8Array, before: number): Buffer => {
  const whole = Buffer.concat([Buffer.alloc(before, '-'), bytes, Buffer.from(' and more')]);
  return Buffer.from(whole.toString('base64'));
};

// `zstd -19` of a text whose last words repeat earlier pieces, so that they do not lie there in clear.
const ZSTD = Buffer.from(
  'KLUv/QRonQEA+FF1aWxsZmVhdGhlciBaZWJlZGVlOyAtT3g7IGRlZSAHAExtcAtoXuCfBzgl5eYdKJtNS+swgw==',
  'base64',
);
const json = Buffer.from(JSON.stringify({ record: { text: `from ${TEXT}, in March` } }));
const utf16 = Buffer.from(TEXT, 'utf16le');

const FORMS: readonly (readonly [string, Uint8Array])[] = [
  ['UTF-8', Buffer.from(TEXT)],
  ['UTF-16, little end first', utf16],
  ['UTF-16, big end first', Buffer.from(utf16).swap16()],
  ['base64, no byte before it', base64(Buffer.from(TEXT), 0)],
  ['base64, one byte before it', base64(Buffer.from(TEXT), 1)],
  ['base64, two bytes before it', base64(Buffer.from(TEXT), 2)],
  ['base64 of base64', base64(base64(json, 1), 2)],
  ['base64 of UTF-16', base64(utf16, 1)],
  ['gzip', gzipSync(json)],
  ['zlib', deflateSync(json)],
  ['zlib, fastest', deflateSync(json, { level: 1 })],
  ['zstd', ZSTD],
  ['gzip, in base64', base64(gzipSync(json), 1)],
  ['zstd, in base64', base64(ZSTD, 2)],
  ['base64, in gzip', gzipSync(base64(json, 1))],
];

describe('the search for a text', () => {
  it.each(FORMS)('finds it in %s, between other bytes, and not another', (_, form) => {
    const noise = Buffer.from(Array.from({ length: 999 }, (_one, at) => (at * 7919) >> 3));
    const bytes = Buffer.concat([noise, Buffer.from('x'), form, Buffer.from('y'), noise]);
    expect(textsIn(bytes, [OTHER, TEXT])).toEqual([TEXT]);
    expect(textsIn(noise, [OTHER, TEXT])).toEqual([]);
  });

  it('would not find packed texts by their clear bytes', () => {
    for (const packed of [ZSTD, gzipSync(json), deflateSync(json)]) {
      expect(packed.includes(TEXT)).toBe(false);
    }
  });

  it('finds it in a cell of a database that lies over several pages', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'custos-search-'));
    try {
      const database = new (await initSqlJs()).Database();
      database.run('CREATE TABLE events (id INTEGER, data BLOB)');
      // Of all the places in a page one is where the text is cut in two.
      const text = `${TEXT}; `.repeat(1000);
      const spread = Array.from({ length: 40 }, (_, at) => `${'-'.repeat(at * 100)}${OTHER}`);
      for (const one of [text, ...spread]) {
        database.run('INSERT INTO events VALUES (1, ?)', [Buffer.from(one)]);
      }
      const path = join(folder, 'events.db');
      await writeFile(path, database.export());
      await writeFile(join(folder, 'other.log'), 'nothing here\n');
      expect(await filesHolding(folder, [TEXT])).toEqual([path]);
      expect(await filesHolding(folder, ['Nobody Atall'])).toEqual([]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
