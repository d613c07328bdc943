import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateRawSync, inflateSync } from 'node:zlib';
import { Decompress } from 'fzstd';
import { sqliteCells } from './sqlite-cells.js';

/** Base64 of a text inside a longer one: its characters that no neighbour changes, at each of three alignments. */
function base64Forms(text: string): Buffer[] {
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text, 'utf8')]);
    const first = Math.ceil((before * 4) / 3);
    const whole = Math.floor((bytes.length * 8) / 6);
    return Buffer.from(bytes.toString('base64').slice(first, whole), 'latin1');
  });
}

/** How a text may lie in bytes: UTF-8, inside JSON, UTF-16 of both orders, base64 at three alignments. */
function formsOf(text: string): readonly Buffer[] {
  const wide = Buffer.from(text, 'utf16le');
  const quoted = Buffer.from(JSON.stringify(text).slice(1, -1), 'utf8');
  const plain = Buffer.from(text, 'utf8');
  return [
    plain,
    ...(quoted.equals(plain) ? [] : [quoted]),
    wide,
    Buffer.from(wide).swap16(),
    ...base64Forms(text),
  ];
}

const MAX_OUTPUT = 64 << 20;

/** A gzip member by its raw stream (RFC 1952, section 2.3): Node's own reader refuses what follows it. */
function unpackGzip(packed: Buffer): Buffer {
  const flags = packed[3] ?? 0;
  let at = 10;
  if ((flags & 4) !== 0) at += 2 + packed.readUInt16LE(at);
  for (const name of [8, 16]) if ((flags & name) !== 0) at = packed.indexOf(0, at) + 1;
  if ((flags & 2) !== 0) at += 2;
  return inflateRawSync(packed.subarray(at), { maxOutputLength: MAX_OUTPUT });
}

const MAGICS: readonly (readonly [Buffer, (packed: Buffer) => Buffer])[] = [
  [Buffer.from([0x1f, 0x8b, 8]), unpackGzip],
  ...[0x01, 0x5e, 0x9c, 0xda].map(
    (level) =>
      [
        Buffer.from([0x78, level]),
        (packed: Buffer) => inflateSync(packed, { maxOutputLength: MAX_OUTPUT }),
      ] as const,
  ),
  [Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), unpackZstd],
];

/** A frame whose end is not known: what follows it is no frame, and is given up. */
function unpackZstd(packed: Buffer): Buffer {
  const parts: Uint8Array[] = [];
  const stream = new Decompress((part) => parts.push(part.slice()));
  try {
    stream.push(packed, true);
  } catch (error) {
    if (parts.length === 0) throw error;
  }
  return Buffer.concat(parts);
}

/** Whatever is compressed somewhere in the bytes with gzip, zlib or zstd. */
function* unpacked(bytes: Buffer): Generator<Buffer> {
  for (const [magic, unpack] of MAGICS) {
    for (let at = bytes.indexOf(magic); at !== -1; at = bytes.indexOf(magic, at + 1)) {
      try {
        yield unpack(bytes.subarray(at));
      } catch {
        // Two bytes that look like a beginning and are none.
      }
    }
  }
}

const BASE64 = /[A-Za-z0-9+/_-]{24,}={0,2}/g;

/** What the base64 runs of the bytes decode to; a letter before a run may be taken for its first. */
function* decoded(bytes: Buffer): Generator<Buffer> {
  const runs = bytes.toString('latin1').match(BASE64) ?? [];
  if (runs.length === 0) return;
  for (let skip = 0; skip < 4; skip += 1) {
    yield Buffer.concat(runs.map((run) => Buffer.from(`${run.slice(skip)}\n`, 'base64')));
  }
}

/** The bytes, and what they hold packed or encoded, down to three layers. */
function* layersOf(bytes: Buffer, depth = 3): Generator<Buffer> {
  yield bytes;
  if (depth === 0) return;
  for (const inner of [...unpacked(bytes), ...decoded(bytes)]) yield* layersOf(inner, depth - 1);
}

/** Those of the texts that lie in the bytes in any form, packed or not. */
export function textsIn(bytes: Uint8Array, texts: readonly string[]): readonly string[] {
  const open = new Map(texts.map((text) => [text, formsOf(text)]));
  const found: string[] = [];
  for (const layer of layersOf(Buffer.from(bytes))) {
    for (const [text, forms] of open) {
      if (!forms.some((form) => layer.includes(form))) continue;
      found.push(text);
      open.delete(text);
    }
  }
  return found;
}

const readOrNothing = (path: string): Promise<Buffer> =>
  readFile(path).catch(() => Buffer.alloc(0));

/** The bytes of a file, and, of an SQLite database, its cells as well: a long one lies in pieces. */
async function* contentsOf(path: string): AsyncGenerator<Buffer> {
  const bytes = await readOrNothing(path);
  yield bytes;
  if (!bytes.subarray(0, 15).equals(Buffer.from('SQLite format 3'))) return;
  const cells: Buffer[] = [];
  for await (const cell of sqliteCells(bytes, await readOrNothing(`${path}-wal`))) cells.push(cell);
  yield Buffer.concat(cells.flatMap((cell) => [cell, Buffer.from('\n')]));
}

/** What a search of a folder came upon. */
export interface FolderSearch {
  readonly files: readonly string[];
  readonly bytes: number;
  /** Text -> files that hold it. */
  readonly found: ReadonlyMap<string, readonly string[]>;
}

/** Looks for texts in every file below a folder. */
export async function searchFolder(
  folder: string,
  texts: readonly string[],
): Promise<FolderSearch> {
  const found = new Map<string, string[]>();
  const files: string[] = [];
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.push(path);
    for await (const content of contentsOf(path)) {
      bytes += content.length;
      for (const text of textsIn(content, texts)) {
        const paths = found.get(text) ?? [];
        if (!paths.includes(path)) found.set(text, [...paths, path]);
      }
    }
  }
  return { files, bytes, found };
}

export const holds = (bytes: Uint8Array, text: string): boolean =>
  textsIn(bytes, [text]).length > 0;

/** Files below a folder that hold one of the texts in any form, by path. */
export async function filesHolding(
  folder: string,
  texts: readonly string[],
): Promise<readonly string[]> {
  const { found } = await searchFolder(folder, texts);
  return [...new Set([...found.values()].flat())].sort();
}
