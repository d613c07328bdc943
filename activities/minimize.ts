import {
  decodeLines,
  decodeShard,
  encodeLines,
  SHARD_MEDIA_TYPE,
  shardLines,
} from '../domain/record/index.js';
import {
  countOfFacts,
  decisionsById,
  decodeBands,
  decodeFacts,
  decodeSignatures,
  encodeBands,
  encodeFacts,
  encodeSignatures,
  filterShard,
  HELD,
  planMinimization,
  sketchShard as sketchRecords,
  type HeldLimits,
  type Scratch,
  type SketchSource,
} from '../domain/minimize/index.js';
import { artifactList, LIST_MEDIA_TYPE, LineageError } from '../domain/lineage/index.js';
import type { ArtifactRef, MinimizeDecision, MinimizeReport } from '../schemas/index.js';
import type { Executor, StepContext } from './context.js';
import { holding, openBacklog, PUTS_AT_ONCE, readingAhead, SHARDS_AHEAD } from './lanes.js';

const MAP_MEDIA_TYPE = 'application/vnd.custos.minimize-map+jsonl';
const SCRATCH_MEDIA_TYPE = 'application/octet-stream';

async function readShard(context: StepContext, name: string) {
  const ref = context.ref(name);
  return decodeShard(await context.read(ref), ref.digest);
}

/** Map: what the plan needs to know of a shard's records. */
export const sketchShard: Executor = async (context) => {
  const records = await readShard(context, 'approved');
  const sketches = sketchRecords(records, context.policy.minimize.nearDuplicates);
  const put = (bytes: Uint8Array) =>
    context.put(bytes, 'derived', 'application/vnd.custos.sketches');
  const [facts, bands, signatures] = await Promise.all([
    put(encodeFacts(sketches.facts)),
    put(encodeBands(sketches.bands)),
    put(encodeSignatures(sketches.signatures)),
  ]);
  return { outputs: { facts, bands, signatures } };
};

/** The plan passes over the facts three times and more; of so many bytes it asks the store once. */
const HELD_FACTS_BYTES = 16 * 2 ** 20;

/**
 * Blocks that only this execution reads. They are sealed like all that is derived of records, and once
 * it has ended nothing refers to them: `custos gc` removes them. An attempt that comes after one that
 * died writes the same blocks, and so stores none twice.
 */
function scratchOf(context: StepContext): Scratch {
  const puts = openBacklog<ArtifactRef>(PUTS_AT_ONCE);
  let blocks = 0;
  const begin = (column: string, block: number): void => {
    context.signal.throwIfAborted();
    context.heartbeat({ column, block });
  };
  return {
    async write(bytes) {
      const block = blocks++;
      begin('scratch written', block);
      await puts.add(() => context.put(bytes, 'derived', SCRATCH_MEDIA_TYPE));
      return block;
    },
    async read(block) {
      begin('scratch read', block);
      const refs = await puts.finish();
      return context.read(refs[block] as ArtifactRef);
    },
  };
}

async function sketchSource(context: StepContext): Promise<SketchSource> {
  const [facts, bands, signatures] = [
    await context.list('sketches', 'facts'),
    await context.list('sketches', 'bands'),
    await context.list('sketches', 'signatures'),
  ];
  const reader = <T>(
    refs: readonly ArtifactRef[],
    column: string,
    decode: (bytes: Uint8Array) => T,
    holdBytes = 0,
  ): ((shard: number) => Promise<T>) => {
    const read = holding(holdBytes, (shard) => context.read(refs[shard] as ArtifactRef));
    const load = readingAhead(refs.length, SHARDS_AHEAD, (shard) => {
      context.signal.throwIfAborted();
      return read(shard);
    });
    return async (shard) => {
      context.heartbeat({ column, shard });
      if (refs[shard] === undefined)
        throw new LineageError('STEP_INVALID', `there is no shard ${String(shard)}`);
      return decode(await load(shard));
    };
  };
  return {
    counts: facts.map(({ sizeBytes }) => countOfFacts(sizeBytes)),
    facts: reader(facts, 'facts', decodeFacts, HELD_FACTS_BYTES),
    bands: reader(bands, 'bands', decodeBands),
    signatures: reader(signatures, 'signatures', decodeSignatures),
    scratch: scratchOf(context),
  };
}

const countsOf = ({ records, kept, byReason }: MinimizeReport) => ({
  records,
  kept,
  exact: byReason['exact-duplicate'],
  near: byReason['near-duplicate'],
  short: byReason['too-short'],
  long: byReason['too-long'],
  budget: byReason['over-budget'],
});

/** Reduce: one decision for each record, with its reason; a map for each shard. */
export const planMinimizeWithin =
  (limits: HeldLimits): Executor =>
  async (context) => {
    const source = await sketchSource(context);
    const maps = openBacklog<ArtifactRef>(PUTS_AT_ONCE);
    for await (const event of planMinimization(source, context.policy.minimize, limits)) {
      if (event.kind === 'map') {
        const lines = encodeLines(event.decisions);
        await maps.add(() => context.put(lines, 'derived', MAP_MEDIA_TYPE));
        continue;
      }
      const { report } = event;
      const mediaType = 'application/vnd.custos.minimize-report+json';
      return {
        outputs: {
          maps: await context.putJson(
            artifactList(await maps.finish()),
            'evidence',
            LIST_MEDIA_TYPE,
          ),
          report: await context.putJson(report, 'evidence', mediaType),
        },
        counts: countsOf(report),
      };
    }
    throw new LineageError('STEP_INVALID', 'the plan ended without a report');
  };

export const planMinimize = planMinimizeWithin(HELD);

/** Map: the kept records of a shard. */
export const keepShard: Executor = async (context) => {
  const [approved, map] = [context.ref('approved'), context.ref('map')];
  const [bytes, decisions] = await Promise.all([context.read(approved), context.read(map)]);
  const records = shardLines(bytes, approved.digest);
  const kept = filterShard(records, decisionsById(decodeLines<MinimizeDecision>(decisions)));
  const lines = Buffer.concat(kept.map(({ line }) => line));
  return {
    outputs: { kept: await context.put(lines, 'derived', SHARD_MEDIA_TYPE) },
    counts: { records: records.length, kept: kept.length },
  };
};
