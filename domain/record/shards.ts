import { check, validateTrainingRecord, type TrainingRecord } from '../../schemas/index.js';
import { canonicalJson } from '../lineage/digest.js';
import { RecordError } from './errors.js';

export const SHARD_MEDIA_TYPE = 'application/vnd.custos.records+jsonl';

/**
 * A cutter of content-defined shards. Source order is kept; a shard ends after a record whose id
 * (a keyed digest, so uniform) falls under a threshold, never before `meanRecords / 4` and always
 * at `meanRecords * 4`. Inserting or removing a record moves the boundaries near it only, so
 * unchanged shards keep their digests and their memoized results.
 */
export interface ShardCutter {
  /** The shard that this record completes, or undefined. */
  add(record: TrainingRecord): readonly TrainingRecord[] | undefined;
  /** What is left at the end. */
  flush(): readonly TrainingRecord[] | undefined;
}

const RANGE = 2 ** 32;

export function createShardCutter(meanRecords: number): ShardCutter {
  const min = Math.max(1, Math.floor(meanRecords / 4));
  const max = meanRecords * 4;
  // Past the minimum the length is geometric: its mean makes up for the minimum.
  const threshold = RANGE / Math.max(1, meanRecords - min);
  let open: TrainingRecord[] = [];
  const close = (): readonly TrainingRecord[] | undefined => {
    const shard = open;
    open = [];
    return shard.length === 0 ? undefined : shard;
  };
  return {
    add(record) {
      open.push(record);
      const draw = Number.parseInt(record.id.slice(9, 17), 16);
      const ends = open.length >= max || (open.length >= min && draw < threshold);
      return ends ? close() : undefined;
    },
    flush: close,
  };
}

/** Cuts a whole list; see {@link createShardCutter}. */
export function cutShards(
  records: readonly TrainingRecord[],
  meanRecords: number,
): (readonly TrainingRecord[])[] {
  const cutter = createShardCutter(meanRecords);
  return [...records.map((record) => cutter.add(record)), cutter.flush()].filter(
    (shard) => shard !== undefined,
  );
}

/** JSON Lines: one record a line in canonical form (RFC 8785), a newline after each. */
export function encodeShard(records: readonly TrainingRecord[]): Uint8Array {
  return Buffer.from(records.map((record) => `${canonicalJson(record)}\n`).join(''), 'utf8');
}

/**
 * Reads a shard back and checks every record against its schema.
 * @param where names the shard in errors, for instance its digest
 * @throws RecordError SHARD_INVALID, SchemaError
 */
export function decodeShard(bytes: Uint8Array, where: string): TrainingRecord[] {
  if (bytes.length === 0) return [];
  const lines = new TextDecoder('utf-8', { fatal: true }).decode(bytes).split('\n');
  if (lines.pop() !== '')
    throw new RecordError('SHARD_INVALID', `${where}: the last line has no end`);
  return lines.map((line, at) => {
    const place = `${where}, record ${String(at + 1)}`;
    return check(validateTrainingRecord, parseRecord(line, place), place);
  });
}

function parseRecord(line: string, place: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    // Without the cause: its message quotes the record.
    throw new RecordError('SHARD_INVALID', `${place}: not JSON`);
  }
}
