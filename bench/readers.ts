// `npm run bench readers FORMAT [MiB]`: reads so many MiB of one format, made as they are read, and
// prints the speed and the memory of the reader alone. One format a process, so that memory is its own.
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { compileSource, readRows, type SourceFile } from '../domain/record/index.js';

const WORDS =
  'the customer asked about an invoice that "was" paid twice, and we sent the money back';
const ROWS = Array.from({ length: 2000 }, (_, at) => ({
  id: `T-${String(at)}`,
  q: `${String(at)} ${WORDS.slice(at % 40)} ${WORDS}`,
  a: `${WORDS} ${WORDS.slice(0, at % 80)}`,
  unused: [at, { deep: WORDS }],
}));
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

const jsonl = Buffer.from(ROWS.map((row) => `${JSON.stringify(row)}\n`).join(''));
const csv = Buffer.from(
  ROWS.map(({ id, q, a }) => `${id},${quoted(q)},${quoted(a)},${quoted(WORDS)}\n`).join(''),
);
const plain = Buffer.from(
  ROWS.map(({ id, q, a }) => `${id}\t${q.replaceAll('"', '')}\t${a.replaceAll('"', '')}\n`).join(
    '',
  ),
);
const header = (line: string): Buffer => Buffer.from(`${line}\n`);

/** A zstd frame of raw blocks. */
function zstd(content: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x38])];
  for (let at = 0; at < content.length; at += 1 << 17) {
    const block = content.subarray(at, at + (1 << 17));
    const last = at + (1 << 17) >= content.length ? 1 : 0;
    const mark = Buffer.alloc(3);
    mark.writeUIntLE((block.length << 3) | last, 0, 3);
    parts.push(mark, block);
  }
  return Buffer.concat(parts);
}

interface Stream {
  readonly name: string;
  readonly first?: Buffer;
  /** Repeated until there is enough; `bytes` are what it holds, decompressed. */
  readonly block: Buffer;
  readonly bytes: number;
  readonly last?: Buffer;
}

const element = Buffer.from(jsonl.toString('utf8').replaceAll('\n', ',\n'));
const STREAMS: ReadonlyMap<string, Stream> = new Map<string, Stream>([
  ['jsonl', { name: 'x.jsonl', block: jsonl, bytes: jsonl.length }],
  ['csv', { name: 'x.csv', first: header('id,q,a,unused'), block: csv, bytes: csv.length }],
  ['tsv', { name: 'x.tsv', first: header('id\tq\ta'), block: plain, bytes: plain.length }],
  [
    'json',
    {
      name: 'x.json',
      first: header('['),
      block: element,
      bytes: element.length,
      last: Buffer.from('{"q":"a","a":"b","id":"c"}]'),
    },
  ],
  ['gzip', { name: 'x.jsonl.gz', block: gzipSync(jsonl), bytes: jsonl.length }],
  ['zstd', { name: 'x.jsonl.zst', block: zstd(jsonl), bytes: jsonl.length }],
]);

function streamed({ name, first, block, bytes, last }: Stream, total: number): SourceFile {
  return {
    name,
    digest: '',
    sizeBytes: 0,
    async *open() {
      await Promise.resolve();
      if (first !== undefined) yield first;
      for (let made = 0; made < total; made += bytes) {
        for (let at = 0; at < block.length; at += 1 << 18) {
          // A copy, as a stream of a file gives new buffers.
          yield Buffer.from(block.subarray(at, at + (1 << 18)));
        }
      }
      if (last !== undefined) yield last;
    },
    readRange: () => Promise.reject(new Error('no ranges')),
  };
}

/** A Parquet file with row groups of 2,000 rows, in memory. */
function parquet(total: number): SourceFile {
  const copies = Math.max(1, Math.round(total / jsonl.length));
  const rows = Array.from({ length: copies }, () => ROWS).flat();
  const column = (name: 'id' | 'q' | 'a') => ({
    name,
    data: rows.map((row, at) => `${row[name]}${String(at)}`),
    type: 'STRING' as const,
  });
  const columnData = [column('id'), column('q'), column('a')];
  const bytes = Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize: 2000 }));
  return {
    name: 'x.parquet',
    digest: '',
    sizeBytes: bytes.length,
    async *open() {
      await Promise.resolve();
      yield bytes;
    },
    readRange: (start, end) => Promise.resolve(bytes.subarray(start, end)),
  };
}

const purpose = 'a benchmark';
const SOURCE = compileSource({
  name: 'made',
  path: 'any',
  format: 'auto',
  shape: 'prompt',
  primaryKey: 'id',
  fields: [
    { name: 'prompt', from: 'q', purpose },
    { name: 'completion', from: 'a', purpose },
  ],
});

const [format = '', mebibytes = '500'] = process.argv.slice(2);
const total = Number(mebibytes) * 1024 * 1024;
const stream = STREAMS.get(format);
if (stream === undefined && format !== 'parquet') {
  console.error(`usage: npm run bench readers ${[...STREAMS.keys(), 'parquet'].join('|')} [MiB]`);
  process.exitCode = 2;
} else {
  const file = stream === undefined ? parquet(total) : streamed(stream, total);
  const began = performance.now();
  const cpu = process.cpuUsage();
  let [rows, bad, bytes] = [0, 0, 0];
  for await (const row of readRows(SOURCE, { files: [file] }, { maxRowBytes: 1 << 24 })) {
    if (row.kind === 'value') rows += 1;
    else bad += 1;
    bytes += row.raw.length;
  }
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const cpuSeconds = (user + system) / 1e6;
  const figures = {
    rows,
    bad,
    seconds: Math.round(seconds * 10) / 10,
    mbPerSecond: Math.round(bytes / 1e6 / seconds),
    cpuSeconds: Math.round(cpuSeconds * 10) / 10,
    mbPerCpuSecond: Math.round(bytes / 1e6 / cpuSeconds),
    rowsPerSecond: Math.round(rows / seconds),
    peakRssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  console.log(JSON.stringify({ format, ...figures }));
}
