import {
  decodeLines,
  decodeShard,
  encodeLines,
  encodeShard,
  SHARD_MEDIA_TYPE,
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
  planMinimization,
  sketchShard as sketchRecords,
  type SketchSource,
} from '../domain/minimize/index.js';
import { artifactList, LIST_MEDIA_TYPE, LineageError } from '../domain/lineage/index.js';
import type { ArtifactRef, MinimizeDecision, MinimizeReport } from '../schemas/index.js';
import type { Executor, StepContext } from './context.js';

const MAP_MEDIA_TYPE = 'application/vnd.custos.minimize-map+jsonl';

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
  return {
    outputs: {
      facts: await put(encodeFacts(sketches.facts)),
      bands: await put(encodeBands(sketches.bands)),
      signatures: await put(encodeSignatures(sketches.signatures)),
    },
  };
};

async function sketchSource(context: StepContext): Promise<SketchSource> {
  const [facts, bands, signatures] = [
    await context.list('sketches', 'facts'),
    await context.list('sketches', 'bands'),
    await context.list('sketches', 'signatures'),
  ];
  const reader =
    <T>(refs: readonly ArtifactRef[], column: string, decode: (bytes: Uint8Array) => T) =>
    async (shard: number): Promise<T> => {
      context.signal.throwIfAborted();
      context.heartbeat({ column, shard });
      const ref = refs[shard];
      if (ref === undefined)
        throw new LineageError('STEP_INVALID', `there is no shard ${String(shard)}`);
      return decode(await context.read(ref));
    };
  return {
    counts: facts.map(({ sizeBytes }) => countOfFacts(sizeBytes)),
    facts: reader(facts, 'facts', decodeFacts),
    bands: reader(bands, 'bands', decodeBands),
    signatures: reader(signatures, 'signatures', decodeSignatures),
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
export const planMinimize: Executor = async (context) => {
  const source = await sketchSource(context);
  const maps: ArtifactRef[] = [];
  for await (const event of planMinimization(source, context.policy.minimize)) {
    if (event.kind === 'map') {
      maps.push(await context.put(encodeLines(event.decisions), 'derived', MAP_MEDIA_TYPE));
      continue;
    }
    const { report } = event;
    const mediaType = 'application/vnd.custos.minimize-report+json';
    return {
      outputs: {
        maps: await context.putJson(artifactList(maps), 'evidence', LIST_MEDIA_TYPE),
        report: await context.putJson(report, 'evidence', mediaType),
      },
      counts: countsOf(report),
    };
  }
  throw new LineageError('STEP_INVALID', 'the plan ended without a report');
};

/** Map: the kept records of a shard. */
export const keepShard: Executor = async (context) => {
  const records = await readShard(context, 'approved');
  const decisions = decodeLines<MinimizeDecision>(await context.read(context.ref('map')));
  const kept = filterShard(records, decisionsById(decisions));
  return {
    outputs: { kept: await context.put(encodeShard(kept), 'derived', SHARD_MEDIA_TYPE) },
    counts: { records: records.length, kept: kept.length },
  };
};
