import type { MinimizeDecision, MinimizeReport, Policy } from '../../schemas/index.js';
import { HELD, type HeldLimits } from './banded-rows.js';
import { bandingFor, type Banding } from './banding.js';
import { decide, OUTCOMES, type Decided, type VerifiedPairs } from './decide.js';
import { readRows, type Rows } from './equal-texts.js';
import { COMPARED_PER_KEY, findCandidates } from './near-candidates.js';
import { createKeyedRows, passesOver, roomOf, ROWS_A_PASS } from './keyed-rows.js';
import { rankRecords } from './order-rows.js';
import type { Facts } from './sketch.js';
import { offsetsOf, type SketchSource } from './sketch-source.js';
import { readStandInIds } from './stand-in-ids.js';
import { countEqualEntries } from './verify-candidates.js';

export type MinimizeOptions = Policy['minimize'];

/** What the plan gives out: the decisions of each shard's records in their order, then the totals. */
export type PlanEvent =
  | {
      readonly kind: 'map';
      readonly shard: number;
      readonly decisions: readonly MinimizeDecision[];
    }
  | { readonly kind: 'done'; readonly report: MinimizeReport };

interface Near {
  readonly verified: VerifiedPairs | undefined;
  readonly lsh: MinimizeReport['lsh'];
}

async function findNear(
  source: SketchSource,
  ranks: Int32Array,
  rows: Rows,
  { action, jaccard, permutations }: MinimizeOptions['nearDuplicates'],
  limits: HeldLimits,
): Promise<Near> {
  const banding: Banding = bandingFor(jaccard, permutations);
  const bound = { ...banding, comparedPerKey: COMPARED_PER_KEY };
  if (action === 'keep') {
    return { verified: undefined, lsh: { ...bound, candidates: 0, candidatesCut: 0 } };
  }
  const near = { jaccard, permutations, banding };
  const { pairs, cut } = await findCandidates(source, ranks, rows, near, limits);
  const equal = await countEqualEntries(source, ranks, pairs, permutations);
  return {
    verified: { pairs, equal, least: Math.ceil(jaccard * permutations - 1e-9) },
    lsh: { ...bound, candidates: pairs.length, candidatesCut: cut },
  };
}

type Counts = Omit<MinimizeReport, 'schema' | 'lsh'>;

const noCounts = (): Counts => ({
  records: 0,
  kept: 0,
  byReason: {
    'exact-duplicate': 0,
    'near-duplicate': 0,
    'too-short': 0,
    'too-long': 0,
    'over-budget': 0,
  },
  charsBefore: 0,
  charsAfter: 0,
});

interface Deciding {
  readonly decided: Decided;
  readonly idOf: (rank: number) => string;
  readonly permutations: number;
}

function decisionOf(
  recordId: string,
  rank: number,
  { decided, idOf, permutations }: Deciding,
): MinimizeDecision {
  const outcome = OUTCOMES[decided.outcomes[rank] as number] ?? 'kept';
  if (outcome === 'kept') return { recordId, outcome };
  if (outcome !== 'exact-duplicate' && outcome !== 'near-duplicate') {
    return { recordId, outcome: 'dropped', reason: outcome };
  }
  const of = idOf(decided.standIns[rank] as number);
  const similarity =
    outcome === 'exact-duplicate' ? 1 : (decided.equal[rank] as number) / permutations;
  return { recordId, outcome: 'merged', reason: outcome, of, similarity };
}

/** The decisions of one shard, counted. */
function decideShard(
  { keyId, ids, chars }: Facts,
  ranks: Int32Array,
  deciding: Deciding,
  counts: Counts,
): MinimizeDecision[] {
  const hex = Buffer.from(ids.buffer, ids.byteOffset, ids.byteLength);
  return Array.from(ranks, (rank, row) => {
    const id = `${keyId}:${hex.toString('hex', 32 * row, 32 * row + 32)}`;
    const decision = decisionOf(id, rank, deciding);
    const length = chars[row] as number;
    counts.records++;
    counts.charsBefore += length;
    if (decision.outcome === 'kept') {
      counts.kept++;
      counts.charsAfter += length;
    } else counts.byReason[decision.reason]++;
    return decision;
  });
}

/**
 * The reduce side. The same records give the same plan however they were sharded: rows are walked
 * in the order of record ids, which are keyed hashes, so that a budget keeps an even sample.
 *
 * Facts and signatures are read in passes, bands once. What is held of every record: a rank (4 bytes);
 * until all is decided its length's verdict and the first of its text (5 bytes); from the decisions on
 * those (7 bytes), and 36 bytes of each that stands for others. So 16 bytes a record at most. Beside
 * them, one after the other: 80 MiB of ids or digests to sort; 192 MiB of band rows, or 64 MiB of the
 * blocks in which they are written and then 40 MiB of a partition; 96 MiB of signatures. Candidates
 * take 8 bytes a pair, and 26 while they are verified; they are cut to 2^24 after each band. More is
 * held where very many records share one text or one band's key: those are in one partition.
 * @param limits of what is held before the scratch is used; they change no result
 * @throws MinimizeError SKETCH_INVALID, RECORD_REPEATED
 */
export async function* planMinimization(
  source: SketchSource,
  options: MinimizeOptions,
  limits: HeldLimits = HELD,
): AsyncGenerator<PlanEvent> {
  const { permutations } = options.nearDuplicates;
  const { ranks, decided, lsh } = await decideAll(source, options, limits);
  const idOf = await readStandInIds(source, ranks, decided.standIns);
  const offsets = offsetsOf(source);
  const counts = noCounts();
  for (const shard of source.counts.keys()) {
    const own = ranks.subarray(offsets[shard], offsets[shard + 1]);
    const facts = await source.facts(shard);
    const decisions = decideShard(facts, own, { decided, idOf, permutations }, counts);
    yield { kind: 'map', shard, decisions };
  }
  yield { kind: 'done', report: { schema: 'custos.minimize-report.v1', ...counts, lsh } };
}

/** A function of its own, so that what only the decisions need is let go before the maps. */
async function decideAll(source: SketchSource, options: MinimizeOptions, limits: HeldLimits) {
  const { ranks, rows } = await readAll(source, options);
  const { verified, lsh } = await findNear(source, ranks, rows, options.nearDuplicates, limits);
  return { ranks, decided: decide(rows, verified, options), lsh };
}

/** Ranks, lengths and equal texts: ids and digests are sorted in the same room, let go at the end. */
async function readAll(source: SketchSource, options: MinimizeOptions) {
  const total = offsetsOf(source).at(-1) as number;
  const room = createKeyedRows(roomOf(total, passesOver(total, ROWS_A_PASS).length));
  const ranks = await rankRecords(source, ROWS_A_PASS, room);
  return { ranks, rows: await readRows(source, ranks, options, ROWS_A_PASS, room) };
}
