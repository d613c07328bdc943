import { createHmac } from 'node:crypto';
import type { Policy, SpanReport } from '../../schemas/index.js';
import { secretStream } from '../leak/index.js';
import { ReviewError } from './errors.js';

export interface Selection {
  /** Most uncertain first. */
  readonly uncertain: readonly string[];
  /** Drawn at random from the records that the machine was sure about. */
  readonly sample: readonly string[];
  /** Records whose copies carry planted misses. */
  readonly plantHosts: readonly string[];
  /** Shard of every selected record. */
  readonly shardOf: ReadonlyMap<string, number>;
}

export interface SelectionOptions {
  readonly policy: Pick<Policy['review'], 'sampleSize' | 'maxUncertain' | 'plantedMisses'>;
  /** 32 bytes, drawn for this dataset: nobody can foresee the sample. */
  readonly secret: Uint8Array;
}

/** The redacted records of one shard and what was found in them. */
export interface ReviewedShard {
  readonly recordIds: readonly string[];
  readonly spans: Iterable<Pick<SpanReport, 'recordId' | 'score' | 'uncertain'>>;
}

/** Selects while it is shown shard after shard, holding little more than what it selects. */
export interface Selector {
  add(shard: number, reviewed: ReviewedShard): void;
  /** @throws ReviewError TOO_MANY_UNCERTAIN: none is hidden to make the rest fit */
  finish(): Selection;
}

interface Entry {
  readonly id: string;
  readonly shard: number;
  /** Of an uncertain record its lowest score, of another its draw, in hexadecimal. */
  readonly rank: number | string;
}

const byRank = (a: Entry, b: Entry): number =>
  a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : a.id < b.id ? -1 : 1;

/** The lowest score of each record's uncertain spans. */
function leastScores({ recordIds, spans }: ReviewedShard): Map<string, number> {
  // Records that the policy dropped are in no dataset, so nobody reviews them.
  const kept = new Set(recordIds);
  const least = new Map<string, number>();
  for (const { recordId, score, uncertain } of spans) {
    if (uncertain && kept.has(recordId)) {
      least.set(recordId, Math.min(score, least.get(recordId) ?? 1));
    }
  }
  return least;
}

/** Keeps the `most` entries of least rank. */
function leastOf(most: number) {
  let entries: Entry[] = [];
  let bound: Entry | undefined;
  const cut = (): void => {
    entries = entries.sort(byRank).slice(0, most);
    bound = entries.length < most ? undefined : entries.at(-1);
  };
  return {
    add(entry: Entry): void {
      if (bound !== undefined && byRank(entry, bound) > 0) return;
      entries.push(entry);
      if (entries.length >= 2 * most + 64) cut();
    },
    finish(): readonly Entry[] {
      cut();
      return entries;
    },
  };
}

/** Hosts beyond the drawn ones repeat records of the batch: a planted miss is never left out. */
function hostsFor(spare: readonly string[], shown: readonly string[], count: number): string[] {
  const pool = [...spare, ...shown];
  if (pool.length === 0) return [];
  return Array.from({ length: count }, (_, index) => pool[index % pool.length] as string);
}

/**
 * Which records go to review. Those drawn are the ones whose keyed digest is least, the key being
 * secret: a uniform sample without replacement. The same records, spans and secret give the same
 * selection whatever their order.
 */
export function createSelector({ policy, secret }: SelectionOptions): Selector {
  const { sampleSize, maxUncertain, plantedMisses } = policy;
  const key = secretStream(secret, 'review-sample').nextBytes(32);
  const uncertain = leastOf(maxUncertain + 1);
  const drawn = leastOf(sampleSize + plantedMisses);
  let uncertainCount = 0;
  return {
    add(shard, reviewed) {
      const least = leastScores(reviewed);
      uncertainCount += least.size;
      for (const [id, rank] of least) uncertain.add({ id, shard, rank });
      for (const id of reviewed.recordIds) {
        if (least.has(id)) continue;
        drawn.add({ id, shard, rank: createHmac('sha256', key).update(id).digest('hex') });
      }
    },
    finish() {
      if (uncertainCount > maxUncertain) {
        throw new ReviewError(
          'TOO_MANY_UNCERTAIN',
          `${String(uncertainCount)} records are uncertain, /review/maxUncertain allows ${String(maxUncertain)}; raise it, or lower /redact/reviewBelow`,
        );
      }
      const [sure, unsure] = [drawn.finish(), uncertain.finish()];
      const ids = (entries: readonly Entry[]): string[] => entries.map(({ id }) => id);
      const sample = ids(sure.slice(0, sampleSize));
      const spare = ids(sure.slice(sampleSize));
      return {
        uncertain: ids(unsure),
        sample,
        plantHosts: hostsFor(spare, [...sample, ...ids(unsure)], plantedMisses),
        shardOf: new Map([...unsure, ...sure].map(({ id, shard }) => [id, shard])),
      };
    },
  };
}
