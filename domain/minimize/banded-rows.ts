import { FITS, type Rows } from './equal-texts.js';
import { MinimizeError } from './errors.js';
import type { KeyedRows } from './keyed-rows.js';
import { SKETCH_BITS_WORDS } from './sketch.js';
import { offsetsOf, type Scratch, type SketchSource } from './sketch-source.js';

/** What may be held of the rows of all bands: one of 16 bytes for each band of each record. */
export interface HeldLimits {
  /** With more rows than so many, they are written to the scratch. */
  readonly rows: number;
  /** Rows of a partition, which are held at once to be sorted; a key shared by more exceeds it. */
  readonly partitionRows: number;
  /** Rows of all blocks together that are being filled. */
  readonly openRows: number;
  readonly blockRows: number;
}

/** 192 MiB of rows; of those written, 64 MiB in blocks of up to 2 MiB, and 40 MiB when sorted. */
export const HELD: HeldLimits = {
  rows: 12 * 2 ** 20,
  partitionRows: 2 ** 21,
  openRows: 4 * 2 ** 20,
  blockRows: 2 ** 17,
};

/** Key, rank and one-bit sketch: with the sketch in the row, none is held for all records. */
const ROW_WORDS = 2 + SKETCH_BITS_WORDS;
const READS_AT_ONCE = 4;

/** Rows of key, rank and one-bit sketch, each band's in as many partitions as their number asks. */
export interface BandedRows {
  /** Partitions of each band, from the lowest keys to the highest. */
  readonly partitions: number;
  /** Rows of the largest one. */
  readonly mostRows: number;
  /** Lets go of a partition's rows, which from then on are only in `into`, unsorted. */
  take(band: number, partition: number, into: KeyedRows): Promise<void>;
}

type StoredBlock = () => Promise<Uint32Array>;
type Store = (words: Uint32Array) => Promise<StoredBlock>;

const inMemory: Store = (words) => Promise.resolve(() => Promise.resolve(words));

const written =
  (scratch: Scratch): Store =>
  async (words) => {
    const block = await scratch.write(
      new Uint8Array(words.buffer, words.byteOffset, words.byteLength),
    );
    return async () => {
      const bytes = await scratch.read(block);
      // Words have to be aligned; bytes that are not are copied.
      const { buffer, byteOffset } = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
      return new Uint32Array(buffer, byteOffset, bytes.length / 4);
    };
  };

interface Partition {
  readonly stored: StoredBlock[];
  block: Uint32Array | undefined;
  /** Words of the block that are in use. */
  used: number;
  /** Words of the next block. */
  room: number;
  rows: number;
}

/** Rows on their way into partitions; `push` waits for nothing, `store` for the blocks it filled. */
function openPartitions(count: number, blockRows: number, store: Store) {
  const full: { readonly partition: Partition; readonly words: Uint32Array }[] = [];
  // The first blocks have different sizes: keys are even, and all would be full at the same time.
  const all = Array.from({ length: count }, (_, index): Partition => {
    const room = ROW_WORDS * Math.ceil((blockRows * (index + 1)) / count);
    return { stored: [], block: undefined, used: 0, room, rows: 0 };
  });
  const fill = (partition: Partition): void => {
    const { block, used } = partition;
    if (block === undefined) return;
    full.push({ partition, words: block.subarray(0, used) });
    partition.block = undefined;
    partition.used = 0;
    partition.room = ROW_WORDS * blockRows;
  };
  const storeFull = async (): Promise<void> => {
    for (let next = full.shift(); next !== undefined; next = full.shift()) {
      next.partition.stored.push(await store(next.words));
    }
  };
  return {
    all,
    push(index: number, key: number, rank: number, bits0: number, bits1: number): void {
      const partition = all[index] as Partition;
      const block = (partition.block ??= new Uint32Array(partition.room));
      const at = partition.used;
      block[at] = key;
      block[at + 1] = rank;
      block[at + 2] = bits0;
      block[at + 3] = bits1;
      partition.used = at + ROW_WORDS;
      partition.rows++;
      if (partition.used === block.length) fill(partition);
    },
    store: storeFull,
    async finish(): Promise<void> {
      for (const partition of all) {
        fill(partition);
        await storeFull();
      }
    },
  };
}

/** Moves the rows of a partition's blocks, of which it keeps none. */
async function moveRows({ stored }: Partition, into: KeyedRows): Promise<void> {
  while (stored.length > 0) {
    const next = stored.splice(0, READS_AT_ONCE).map((read) => read());
    for (const words of await Promise.all(next)) {
      for (let at = 0; at < words.length; at += ROW_WORDS) {
        const [key, rank] = [words[at] as number, words[at + 1] as number];
        into.push(key, words[at + 2] as number, words[at + 3] as number, rank);
      }
    }
  }
}

/** Calls `visit` for each record that stands for its text, with its band keys and one-bit sketch. */
async function visitBands(
  source: SketchSource,
  ranks: Int32Array,
  { lengths, heads }: Rows,
  bands: number,
  visit: (band: number, key: number, rank: number, bits0: number, bits1: number) => void,
  afterShard: () => Promise<void>,
): Promise<void> {
  const offsets = offsetsOf(source);
  for (const [shard, count] of source.counts.entries()) {
    const [{ bits }, { keys }] = await Promise.all([source.facts(shard), source.bands(shard)]);
    if (keys.length < bands * count) {
      throw new MinimizeError(
        'SKETCH_INVALID',
        'a shard has fewer bands than the policy asks; sketch it again',
      );
    }
    for (let row = 0; row < count; row++) {
      const rank = ranks[(offsets[shard] as number) + row] as number;
      // Of equal texts one stands for all.
      if (lengths[rank] !== FITS || heads[rank] !== rank) continue;
      const at = SKETCH_BITS_WORDS * row;
      const [bits0, bits1] = [bits[at] as number, bits[at + 1] as number];
      for (let band = 0; band < bands; band++) {
        visit(band, keys[band * count + row] as number, rank, bits0, bits1);
      }
    }
    await afterShard();
  }
}

/**
 * The rows of all bands after one pass over bands and facts. They stay in memory where `limits` lets
 * them or there is no scratch; the rows and their order are the same wherever they are.
 * @throws MinimizeError SKETCH_INVALID
 */
export async function readBandedRows(
  source: SketchSource,
  ranks: Int32Array,
  rows: Rows,
  bands: number,
  limits: HeldLimits,
): Promise<BandedRows> {
  const { total } = rows;
  const { scratch } = source;
  const partitions = Math.max(1, Math.ceil(total / limits.partitionRows));
  const count = bands * partitions;
  const blockRows = Math.max(1, Math.min(limits.blockRows, Math.floor(limits.openRows / count)));
  const fits = total * bands <= limits.rows || scratch === undefined;
  const store = fits ? inMemory : written(scratch);
  const open = openPartitions(count, Math.max(1, Math.min(blockRows, total)), store);
  const visit = (band: number, key: number, rank: number, bits0: number, bits1: number): void => {
    const partition = Math.floor((key * partitions) / 2 ** 32);
    open.push(band * partitions + partition, key, rank, bits0, bits1);
  };
  await visitBands(source, ranks, rows, bands, visit, open.store);
  await open.finish();
  const { all } = open;
  return {
    partitions,
    mostRows: all.reduce((most, partition) => Math.max(most, partition.rows), 0),
    take: (band, partition, into) =>
      moveRows(all[band * partitions + partition] as Partition, into),
  };
}
