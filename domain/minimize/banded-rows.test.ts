import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { TrainingRecord } from '../../schemas/index.js';
import { HELD, type HeldLimits } from './banded-rows.js';
import { planMinimization, sketchShard, type Scratch, type SketchSource } from './index.js';
import type { MinimizeOptions, PlanEvent } from './plan.js';

const OPTIONS: MinimizeOptions = {
  exactDuplicates: 'drop',
  nearDuplicates: { action: 'drop', jaccard: 0.8, permutations: 128, shingleWords: 3 },
  minChars: 100,
  maxChars: 5000,
  recordBudget: 400,
};
const SHARDS = 7;
const TOPICS = 150;

const drawn = (name: string): Buffer => createHash('sha256').update(name).digest();

/** A record whose words follow from its number: of few topics, most with a word or two changed. */
function madeRecord(number: number): TrainingRecord {
  const seed = drawn(`record ${String(number)}`);
  // The first topic is that of every fourth record: more share a key than are compared with.
  const topic = number % 4 === 0 ? 0 : seed.readUInt16LE(0) % TOPICS;
  const changes = seed.readUInt8(2) % 3;
  const words = Array.from({ length: number % 40 === 1 ? 3 : 60 }, (_, at) =>
    at < changes
      ? `other${String(seed.readUInt16LE(4))}`
      : `topic${String(topic)}word${String(at)}`,
  );
  const id = `00000000:${drawn(`id ${String(number)}`).toString('hex')}`;
  return { id, messages: [{ role: 'user', content: words.join(' ') }] };
}

const SKETCHES = Array.from({ length: SHARDS }, (_, shard) => {
  const numbers = Array.from({ length: shard === 3 ? 0 : 140 }, (_, at) => at * SHARDS + shard);
  return sketchShard(numbers.map(madeRecord), OPTIONS.nearDuplicates);
});

interface Counted {
  readonly source: SketchSource;
  /** Shards of which the bands were read, and what the scratch was asked for. */
  readonly asked: { bands: number; written: number; read: number; bytes: number };
}

function counted(withScratch: boolean): Counted {
  const asked = { bands: 0, written: 0, read: 0, bytes: 0 };
  const blocks: Buffer[] = [];
  const scratch: Scratch = {
    write(bytes) {
      asked.written++;
      asked.bytes += bytes.length;
      return Promise.resolve(blocks.push(Buffer.from(bytes)) - 1);
    },
    read(block) {
      asked.read++;
      // As from a store: at an odd place of a larger buffer.
      const bytes = Buffer.concat([Buffer.alloc(1), blocks[block] as Buffer]);
      return Promise.resolve(bytes.subarray(1));
    },
  };
  const source: SketchSource = {
    counts: SKETCHES.map(({ facts }) => facts.chars.length),
    facts: (shard) => Promise.resolve((SKETCHES[shard] ?? (undefined as never)).facts),
    bands: (shard) => {
      asked.bands++;
      return Promise.resolve((SKETCHES[shard] ?? (undefined as never)).bands);
    },
    signatures: (shard) => Promise.resolve((SKETCHES[shard] ?? (undefined as never)).signatures),
    ...(withScratch ? { scratch } : {}),
  };
  return { source, asked };
}

async function planOf(source: SketchSource, limits?: HeldLimits): Promise<PlanEvent[]> {
  const events: PlanEvent[] = [];
  for await (const event of planMinimization(source, OPTIONS, limits)) events.push(event);
  return events;
}

describe('band rows', () => {
  const tiny = { rows: 1000, partitionRows: 100, openRows: 3000, blockRows: 40 };

  it('are held, and nothing is written, where they fit', async () => {
    const { source, asked } = counted(true);
    const done = (await planOf(source)).at(-1);
    expect(asked).toEqual({ bands: SHARDS, written: 0, read: 0, bytes: 0 });
    if (done?.kind !== 'done') throw new Error('the plan ended without a report');
    const { byReason, lsh } = done.report;
    expect(byReason['exact-duplicate']).toBeGreaterThan(50);
    expect(byReason['near-duplicate']).toBeGreaterThan(50);
    expect(byReason['too-short']).toBeGreaterThan(10);
    expect(lsh.candidates).toBeGreaterThan(1000);
  });

  it.each([
    ['partitions of 100', tiny],
    ['partitions of 7, blocks of one row', { ...tiny, partitionRows: 7, openRows: 1 }],
    ['one partition a band', { ...tiny, partitionRows: 10_000 }],
    ['no row held, blocks larger than all', { ...HELD, rows: 0 }],
  ])('give the same plan from the scratch, their bands read once: %s', async (_, limits) => {
    const whole = await planOf(counted(false).source);
    const { source, asked } = counted(true);
    expect(await planOf(source, limits)).toEqual(whole);
    expect(asked.bands).toBe(SHARDS);
    expect(asked.written).toBeGreaterThan(0);
    expect(asked.read).toBe(asked.written);
    // Repeated texts and those of no fitting length are not among the rows.
    expect(asked.bytes).toBeLessThan(16 * 16 * 840);
  });

  it('are in as many partitions in memory, without a scratch', async () => {
    const whole = await planOf(counted(false).source);
    expect(await planOf(counted(false).source, tiny)).toEqual(whole);
  });

  it('fail as their scratch does', async () => {
    const { source } = counted(false);
    const full = (): Promise<never> => Promise.reject(new Error('no room'));
    const scratch: Scratch = { write: full, read: full };
    await expect(planOf({ ...source, scratch }, tiny)).rejects.toThrow('no room');
  });
});
