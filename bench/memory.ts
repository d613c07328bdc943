// Memory of the two parts of the pipeline that hold something of every record, apart from all else:
// the ids that ingest has seen, and the plan of the minimization over made-up sketches. Usage:
//   npm run bench memory -- [--records 1000000,10000000] [--out FILE.json]
import { execFile } from 'node:child_process';
import { createCipheriv } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { loadRun } from '../cli/load-files.js';
import { planMinimization, type Scratch, type SketchSource } from '../domain/minimize/index.js';
import { createFingerprintTable } from '../domain/record/fingerprint-table.js';
import { asText, commit, machine } from './pipeline-results.js';

const SHARD_RECORDS = 2048;
/** Of a hundred records: so many repeat an earlier text, or share their bands with one. */
const EXACT = 10;
const NEAR = 5;

/** Words that look drawn, the same for the same seed: a stream of AES in counter mode. */
function wordsFrom(seed: number, count: number): Uint32Array {
  const counter = Buffer.alloc(16);
  counter.writeUInt32BE(seed);
  const stream = createCipheriv('aes-128-ctr', Buffer.alloc(16), counter);
  return new Uint32Array(Uint8Array.from(stream.update(Buffer.alloc(4 * count))).buffer);
}

const bytesOf = (words: Uint32Array): Uint8Array =>
  new Uint8Array(words.buffer, words.byteOffset, words.byteLength);

/** The record whose text a record has: itself, or the one before it. */
const textOf = (row: number, percent: number): number =>
  row % 100 < percent && row > 0 ? row - 1 : row;

function madeSketches(records: number, permutations: number, bands: number): SketchSource {
  const shards = Math.ceil(records / SHARD_RECORDS);
  const counts = Array.from({ length: shards }, (_, shard) =>
    Math.min(SHARD_RECORDS, records - shard * SHARD_RECORDS),
  );
  const countOf = (shard: number): number => counts[shard] ?? 0;
  /** Rows of so many words, some of them those of the row before. */
  const rows = (shard: number, width: number, seed: number, percent: number): Uint32Array => {
    const words = wordsFrom(seed * shards + shard, width * countOf(shard));
    for (let row = 0; row < countOf(shard); row++) {
      const from = width * textOf(row, percent);
      if (from !== width * row) words.copyWithin(width * row, from, from + width);
    }
    return words;
  };
  return {
    counts,
    facts: (shard) =>
      Promise.resolve({
        keyId: '00000000',
        ids: bytesOf(rows(shard, 8, 1, 0)),
        digests: bytesOf(rows(shard, 8, 2, EXACT)),
        chars: new Uint32Array(countOf(shard)).fill(400),
        bits: rows(shard, 2, 3, EXACT + NEAR),
      }),
    bands(shard) {
      const keys = new Uint32Array(bands * countOf(shard));
      for (let band = 0; band < bands; band++) {
        keys.set(rows(shard, 1, 4 + band, EXACT + NEAR), band * countOf(shard));
      }
      return Promise.resolve({ count: countOf(shard), keys });
    },
    signatures(shard) {
      const words = rows(shard, permutations / 2, 999, EXACT + NEAR);
      return Promise.resolve({ permutations, entries: new Uint16Array(words.buffer) });
    },
  };
}

/** A scratch of one file a block. */
function scratchIn(folder: string): Scratch & { readonly written: () => number } {
  let blocks = 0;
  const pathOf = (block: number): string => join(folder, String(block));
  return {
    async write(bytes) {
      const block = blocks++;
      await writeFile(pathOf(block), bytes);
      return block;
    },
    read: (block) => readFile(pathOf(block)),
    written: () => blocks,
  };
}

const WORK: Readonly<Record<string, (records: number) => Promise<object>>> = {
  async plan(records) {
    const { policy } = await loadRun('samples/run.yaml');
    const { permutations } = policy.minimize.nearDuplicates;
    const folder = await mkdtemp(join(tmpdir(), 'custos-bench-memory-'));
    try {
      const scratch = scratchIn(folder);
      const source = { ...madeSketches(records, permutations, permutations / 8), scratch };
      for await (const event of planMinimization(source, policy.minimize)) {
        if (event.kind !== 'done') continue;
        const { kept, lsh } = event.report;
        return { kept, ...lsh, blocksWritten: scratch.written() };
      }
      return {};
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  ids(records) {
    const table = createFingerprintTable();
    for (let from = 0; from < records; from += SHARD_RECORDS) {
      const count = Math.min(SHARD_RECORDS, records - from);
      const hex = Buffer.from(bytesOf(wordsFrom(from, 3 * count))).toString('hex');
      for (let row = 0; row < count; row++) table.add(hex.slice(24 * row, 24 * row + 24));
    }
    return Promise.resolve({ distinct: table.size });
  },
};

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000,10000000' },
    out: { type: 'string' },
    part: { type: 'string' },
  },
});
const sizes = values.records.split(',').map(Number);

/** One part with one size, in a process of its own. */
async function measureHere(part: string): Promise<void> {
  const [records = 0] = sizes;
  const before = process.memoryUsage.rss();
  const found = await WORK[part]?.(records);
  const grownMb = process.resourceUsage().maxRSS / 1024 - before / 2 ** 20;
  const { user, system } = process.cpuUsage();
  const cpuSeconds = (user + system) / 1e6;
  const bytesPerRecord = (grownMb * 2 ** 20) / records;
  console.log(JSON.stringify({ part, records, grownMb, bytesPerRecord, cpuSeconds, ...found }));
}

async function measureAll(): Promise<void> {
  const results: unknown[] = [];
  for (const records of sizes) {
    for (const part of Object.keys(WORK)) {
      const args = [fileURLToPath(import.meta.url), '--part', part, '--records', String(records)];
      const { stdout } = await promisify(execFile)(process.execPath, args);
      results.push(JSON.parse(stdout));
      const text = asText({ bench: 'memory', machine, commit: commit(), results });
      if (values.out !== undefined) await writeFile(values.out, text);
    }
  }
  console.log(asText(results));
}

await (values.part === undefined ? measureAll() : measureHere(values.part));
