import type { MinimizeDecision, MinimizeReport, Policy } from '../../schemas/index.js';
import { MinimizeError } from './errors.js';
import { bandingFor, createNearIndex, type Banding } from './near-index.js';
import type { Sketches } from './sketch.js';

export type MinimizeOptions = Policy['minimize'];

export interface MinimizationPlan {
  /** One for each record, ordered by record id. */
  readonly decisions: readonly MinimizeDecision[];
  readonly report: MinimizeReport;
}

/** All sketches in one table whose rows are ordered by record id, whatever the shards' order. */
function gather(shards: readonly Sketches[], permutations: number): Sketches {
  const places = shards.flatMap((shard, index) =>
    shard.ids.map((id, row) => ({ id, shard: index, row })),
  );
  places.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const digests = new Uint8Array(places.length * 32);
  const chars = new Uint32Array(places.length);
  const signatures = new Uint32Array(places.length * permutations);
  places.forEach(({ id, shard, row }, target) => {
    const source = shards[shard] as Sketches;
    if (source.permutations !== permutations) {
      throw new MinimizeError(
        'SKETCH_INVALID',
        `a shard was sketched with ${String(source.permutations)} permutations, the policy says ${String(permutations)}; sketch it again`,
      );
    }
    if (places[target - 1]?.id === id) {
      throw new MinimizeError('RECORD_REPEATED', `record ${id} is in the shards twice`);
    }
    digests.set(source.digests.subarray(row * 32, row * 32 + 32), target * 32);
    chars[target] = source.chars[row] as number;
    const from = row * permutations;
    signatures.set(source.signatures.subarray(from, from + permutations), target * permutations);
  });
  return { permutations, ids: places.map(({ id }) => id), digests, chars, signatures };
}

interface StandIn {
  readonly reason: 'exact-duplicate' | 'near-duplicate';
  readonly row: number;
  readonly similarity: number;
}

interface KeptRows {
  /** The kept row whose content stands for this one. */
  standInFor(row: number): StandIn | undefined;
  add(row: number): void;
  count(): number;
}

function keptRows(table: Sketches, options: MinimizeOptions, banding: Banding): KeptRows {
  const { exactDuplicates, nearDuplicates } = options;
  const byDigest = new Map<string, number>();
  const near =
    nearDuplicates.action === 'drop'
      ? createNearIndex(table.signatures, table.permutations, nearDuplicates.jaccard, banding)
      : undefined;
  let count = 0;
  const digestOf = (row: number): string =>
    Buffer.from(table.digests.subarray(row * 32, row * 32 + 32)).toString('base64');
  return {
    standInFor: (row) => {
      const equal = byDigest.get(digestOf(row));
      if (equal !== undefined) {
        // Equal texts are near duplicates too; a policy that keeps exact duplicates keeps these.
        if (exactDuplicates === 'keep') return undefined;
        return { reason: 'exact-duplicate', row: equal, similarity: 1 };
      }
      const match = near?.find(row);
      return match && { reason: 'near-duplicate', ...match };
    },
    add: (row) => {
      count++;
      if (!byDigest.has(digestOf(row))) byDigest.set(digestOf(row), row);
      near?.add(row);
    },
    count: () => count,
  };
}

/** Decides row by row in the order of ids; only kept records can stand for others. */
function decide(table: Sketches, options: MinimizeOptions, banding: Banding): MinimizeDecision[] {
  const { ids, chars } = table;
  const kept = keptRows(table, options, banding);
  return ids.map((recordId, row) => {
    const length = chars[row] as number;
    if (length < options.minChars) return { recordId, outcome: 'dropped', reason: 'too-short' };
    if (length > options.maxChars) return { recordId, outcome: 'dropped', reason: 'too-long' };
    const standIn = kept.standInFor(row);
    if (standIn !== undefined) {
      const { reason, similarity } = standIn;
      return { recordId, outcome: 'merged', reason, of: ids[standIn.row] as string, similarity };
    }
    if (kept.count() === options.recordBudget) {
      return { recordId, outcome: 'dropped', reason: 'over-budget' };
    }
    kept.add(row);
    return { recordId, outcome: 'kept' };
  });
}

function reportOn(table: Sketches, decisions: readonly MinimizeDecision[], lsh: Banding) {
  const byReason = {
    'exact-duplicate': 0,
    'near-duplicate': 0,
    'too-short': 0,
    'too-long': 0,
    'over-budget': 0,
  };
  let charsBefore = 0;
  let charsAfter = 0;
  let kept = 0;
  decisions.forEach((decision, row) => {
    const chars = table.chars[row] as number;
    charsBefore += chars;
    if (decision.outcome !== 'kept') byReason[decision.reason]++;
    else {
      kept++;
      charsAfter += chars;
    }
  });
  const records = decisions.length;
  const schema = 'custos.minimize-report.v1' as const;
  return { schema, records, kept, byReason, charsBefore, charsAfter, lsh };
}

/**
 * The reduce side. The same records give the same plan however they were sharded: rows are walked
 * in the order of record ids, which are keyed hashes, so that a budget keeps an even sample.
 * @throws MinimizeError SKETCH_INVALID, RECORD_REPEATED
 */
export function planMinimization(
  shards: readonly Sketches[],
  options: MinimizeOptions,
): MinimizationPlan {
  const { permutations, jaccard } = options.nearDuplicates;
  const table = gather(shards, permutations);
  const banding = bandingFor(jaccard, permutations);
  const decisions = decide(table, options, banding);
  return { decisions, report: reportOn(table, decisions, banding) };
}
