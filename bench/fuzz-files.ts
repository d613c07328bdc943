import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import {
  compileSource,
  readRows,
  RecordError,
  type SourceFile,
  type SourceSpec,
} from '../domain/record/index.js';

/** A seeded generator of 32-bit integers (xorshift32); the seed is any number but 0. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed | 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const ROWS = Array.from({ length: 40 }, (_, at) => ({
  q: `question ${String(at)}, "quoted" and\nbroken é`,
  a: `answer ${'x'.repeat(at)}`,
  log: [
    { role: 'user', content: 'hello' },
    { role: 'assistant', content: `number ${String(at)}` },
  ],
}));

const lines = ROWS.map((row) => JSON.stringify(row)).join('\n');
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const csv = ['q,a', ...ROWS.map(({ q, a }) => `${quoted(q)},${a}`)].join('\n');

/** A zstd frame of one raw block. */
function zstd(text: string): Buffer {
  const content = Buffer.from(text);
  const header = Buffer.alloc(3);
  header.writeUIntLE((content.length << 3) | 1, 0, 3);
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x38]), header, content]);
}

function parquet(codec: 'SNAPPY' | 'UNCOMPRESSED'): Buffer {
  const columnData = [
    { name: 'q', data: ROWS.map(({ q }) => q), type: 'STRING' as const },
    { name: 'a', data: ROWS.map(({ a }) => a), type: 'STRING' as const },
    { name: 'log', data: ROWS.map(({ log }) => JSON.stringify(log)), type: 'JSON' as const },
  ];
  return Buffer.from(parquetWriteBuffer({ columnData, codec, rowGroupSize: [16] }));
}

/** Name of a format -> a valid file of it. */
const VALID: ReadonlyMap<string, { readonly name: string; readonly bytes: Buffer }> = new Map([
  ['jsonl', { name: 'x.jsonl', bytes: Buffer.from(lines) }],
  ['utf-16', { name: 'x.jsonl', bytes: Buffer.from(`\ufeff${lines}`, 'utf16le') }],
  ['json', { name: 'x.json', bytes: Buffer.from(`[${lines.replaceAll('\n', ',\n')}]`) }],
  ['csv', { name: 'x.csv', bytes: Buffer.from(csv) }],
  ['tsv', { name: 'x.tsv', bytes: Buffer.from(csv.replaceAll(',', '\t')) }],
  ['text', { name: 'x.txt', bytes: Buffer.from(lines) }],
  ['gzip', { name: 'x.jsonl.gz', bytes: gzipSync(lines) }],
  ['zstd', { name: 'x.jsonl.zst', bytes: zstd(lines) }],
  ['parquet', { name: 'x.parquet', bytes: parquet('UNCOMPRESSED') }],
  ['parquet-snappy', { name: 'x.parquet', bytes: parquet('SNAPPY') }],
  ['unnamed', { name: 'x', bytes: Buffer.from(lines) }],
]);

export const FUZZED_FORMATS = [...VALID.keys()];

type Mutation = (bytes: Buffer, random: (below: number) => number) => Buffer;

/** Bytes that mean something to some format. */
const TELLING = Buffer.from('\0\t\n\r"\',:;[]{}\\\xff\xfe\x80\x7f\x01\x28\xb5', 'latin1');

const MUTATIONS: readonly Mutation[] = [
  (bytes, random) => {
    for (let left = 1 + random(8); left > 0; left -= 1) {
      bytes.writeUInt8((bytes[random(bytes.length)] ?? 0) ^ (1 << random(8)), random(bytes.length));
    }
    return bytes;
  },
  (bytes, random) => {
    for (let left = 1 + random(8); left > 0; left -= 1) {
      bytes[random(bytes.length)] = TELLING[random(TELLING.length)] ?? 0;
    }
    return bytes;
  },
  (bytes, random) => bytes.subarray(0, random(bytes.length)),
  (bytes, random) => bytes.subarray(random(bytes.length)),
  (bytes, random) => {
    const [from, size, to] = [random(bytes.length), random(400), random(bytes.length)];
    const part = bytes.subarray(from, from + size);
    return Buffer.concat([bytes.subarray(0, to), part, bytes.subarray(to)]);
  },
  (bytes, random) => {
    const from = random(bytes.length);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + random(64))]);
  },
  // A number near the end, where Parquet keeps its footer.
  (bytes, random) => {
    const at = bytes.length - 1 - random(Math.min(bytes.length, 600));
    bytes[at] = random(256);
    return bytes;
  },
  (bytes, random) => bytes.fill(random(256), random(bytes.length), random(bytes.length)),
];

function mutate(valid: Buffer, random: (below: number) => number): Buffer {
  let bytes: Buffer = Buffer.from(valid);
  for (let left = 1 + random(3); left > 0 && bytes.length > 0; left -= 1) {
    const mutation = MUTATIONS[random(MUTATIONS.length)];
    if (mutation !== undefined) bytes = Buffer.from(mutation(bytes, random));
  }
  return bytes;
}

function fileOf(name: string, bytes: Buffer, chunkBytes: number): SourceFile {
  return {
    name,
    digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    sizeBytes: bytes.length,
    async *open() {
      await Promise.resolve();
      for (let at = 0; at < bytes.length; at += chunkBytes) {
        yield bytes.subarray(at, at + chunkBytes);
      }
    },
    readRange: (start, end) => Promise.resolve(bytes.subarray(start, end)),
  };
}

const purpose = 'a test';

function sourceOf(format: SourceSpec['format']) {
  return compileSource({
    name: 'fuzzed',
    path: 'any',
    format,
    shape: 'prompt',
    fields: [
      { name: 'prompt', from: format === 'text' ? 'text' : 'q', purpose },
      { name: 'completion', from: format === 'text' ? 'text' : 'a', purpose },
    ],
  });
}

/** What became of the files of one format. */
export interface FuzzFigures {
  files: number;
  rows: number;
  bad: number;
  /** Code of an error -> files that it stopped. */
  stopped: Record<string, number>;
  /** Of one file, in milliseconds. */
  slowestMs: number;
}

/**
 * Reads `count` mutated files of one valid format. A file may give rows, bad rows or one of the
 * documented errors; anything else is thrown, with the seed that brings it back.
 */
export async function fuzzFormat(
  format: string,
  count: number,
  seed: number,
): Promise<FuzzFigures> {
  const valid = VALID.get(format);
  if (valid === undefined) throw new Error(`there is no format ${format}`);
  const source = sourceOf(format === 'text' ? 'text' : 'auto');
  const figures: FuzzFigures = { files: 0, rows: 0, bad: 0, stopped: {}, slowestMs: 0 };
  for (let at = 0; at < count; at += 1) {
    const random = randomFrom(seed * 7919 + at * 104_729 + 1);
    for (let warm = 0; warm < 8; warm += 1) random(2);
    const bytes = at === 0 ? valid.bytes : mutate(valid.bytes, random);
    const file = fileOf(valid.name, bytes, 1 + random(4096));
    figures.files += 1;
    const began = performance.now();
    try {
      for await (const row of readRows(source, { files: [file] }, { maxRowBytes: 65_536 })) {
        if (row.kind === 'value') figures.rows += 1;
        if (row.kind === 'bad') figures.bad += 1;
      }
    } catch (error) {
      if (!(error instanceof RecordError)) {
        throw new Error(`${format}, seed ${String(seed)}, file ${String(at)}`, { cause: error });
      }
      figures.stopped[error.code] = (figures.stopped[error.code] ?? 0) + 1;
    }
    figures.slowestMs = Math.max(figures.slowestMs, Math.round(performance.now() - began));
  }
  return figures;
}
