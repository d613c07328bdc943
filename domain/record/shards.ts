import { check, validateTrainingRecord, type TrainingRecord } from '../../schemas/index.js';
import { RecordError } from './errors.js';
import { recordLine } from './record-line.js';

export const SHARD_MEDIA_TYPE = 'application/vnd.custos.records+jsonl';

/** Means that shards are cut to, whichever is reached first. */
export interface ShardSize {
  readonly records: number;
  readonly bytes: number;
}

/** A shard: its records and their encoding, which is what is stored. */
export interface Shard {
  readonly records: readonly TrainingRecord[];
  readonly bytes: Uint8Array;
}

/**
 * A cutter of content-defined shards. Source order is kept. A shard ends after a record whose id (a
 * keyed digest, so uniform) falls under a threshold; the threshold grows with the record's own size,
 * so that both means hold. Never before a quarter of one of the means, always at four times either;
 * a record larger than that is a shard's last. Inserting, changing or removing a record moves the
 * boundaries near it only, so unchanged shards keep their digests and their memoized results. Ids
 * with a primary key outlast an edit, and so does the boundary.
 */
export interface ShardCutter {
  /** The shard that this record completes, or undefined. */
  add(record: TrainingRecord): Shard | undefined;
  /** What is left at the end. */
  flush(): Shard | undefined;
}

const RANGE = 2 ** 32;
/** Nothing is cut before this share of a mean, and everything at the inverse of it. */
const LEAST_SHARE = 1 / 4;

export function createShardCutter(mean: ShardSize): ShardCutter {
  // Past the minimum the length is geometric: its mean makes up for the minimum.
  const past = 1 - LEAST_SHARE;
  let records: TrainingRecord[] = [];
  let lines: Buffer[] = [];
  let sizeBytes = 0;
  const close = (): Shard | undefined => {
    if (records.length === 0) return undefined;
    const shard = { records, bytes: Buffer.concat(lines, sizeBytes) };
    [records, lines, sizeBytes] = [[], [], 0];
    return shard;
  };
  const reaches = (times: number): boolean =>
    records.length >= mean.records * times || sizeBytes >= mean.bytes * times;
  return {
    add(record) {
      const line = Buffer.from(recordLine(record), 'utf8');
      records.push(record);
      lines.push(line);
      sizeBytes += line.length;
      const draw = Number.parseInt(record.id.slice(9, 17), 16);
      const share = 1 / (past * mean.records) + line.length / (past * mean.bytes);
      const ends = reaches(1 / LEAST_SHARE) || (reaches(LEAST_SHARE) && draw < RANGE * share);
      return ends ? close() : undefined;
    },
    flush: close,
  };
}

/** Cuts a whole list; see {@link createShardCutter}. */
export function cutShards(records: readonly TrainingRecord[], mean: ShardSize): readonly Shard[] {
  const cutter = createShardCutter(mean);
  return [...records.map((record) => cutter.add(record)), cutter.flush()].filter(
    (shard) => shard !== undefined,
  );
}

/** JSON Lines: one record a line in canonical form (RFC 8785), a newline after each. */
export function encodeShard(records: readonly TrainingRecord[]): Uint8Array {
  return Buffer.from(records.map(recordLine).join(''), 'utf8');
}

/**
 * Reads a shard back and checks every record against its schema.
 * @param where names the shard in errors, for instance its digest
 * @throws RecordError SHARD_INVALID, SchemaError
 */
export function decodeShard(bytes: Uint8Array, where: string): TrainingRecord[] {
  return linesOf(bytes, where).map((line, at) => decodeRecord(line, at, where));
}

/** As {@link decodeShard}, so many records at a time: they need not all be in memory at once. */
export function* decodeShardByTurns(
  bytes: Uint8Array,
  where: string,
  records: number,
): Generator<readonly TrainingRecord[]> {
  const lines = linesOf(bytes, where);
  for (let from = 0; from < lines.length; from += records) {
    const turn = lines.slice(from, from + records);
    yield turn.map((line, at) => decodeRecord(line, from + at, where));
  }
}

function linesOf(bytes: Uint8Array, where: string): string[] {
  if (bytes.length === 0) return [];
  const lines = new TextDecoder('utf-8', { fatal: true }).decode(bytes).split('\n');
  if (lines.pop() !== '')
    throw new RecordError('SHARD_INVALID', `${where}: the last line has no end`);
  return lines;
}

function decodeRecord(line: string, at: number, where: string): TrainingRecord {
  const place = `${where}, record ${String(at + 1)}`;
  return check(validateTrainingRecord, parseRecord(line, place), place);
}

function parseRecord(line: string, place: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    // Without the cause: its message quotes the record.
    throw new RecordError('SHARD_INVALID', `${place}: not JSON`);
  }
}
