import {
  decodeLines,
  decodeShard,
  encodeLines,
  encodeShard,
  SHARD_MEDIA_TYPE,
} from '../domain/record/index.js';
import {
  decisionsById,
  decodeSketches,
  encodeSketches,
  filterShard,
  planMinimization,
  sketchShard as sketchRecords,
} from '../domain/minimize/index.js';
import { artifactList, LIST_MEDIA_TYPE } from '../domain/lineage/index.js';
import type { ArtifactRef, MinimizeDecision } from '../schemas/index.js';
import type { Executor } from './context.js';

/** Map: what the plan needs to know of a shard's records. */
export const sketchShard: Executor = async (context) => {
  const records = decodeShard(
    await context.read(context.ref('approved')),
    context.ref('approved').digest,
  );
  const sketches = sketchRecords(records, context.policy.minimize.nearDuplicates);
  const bytes = encodeSketches(sketches);
  return {
    outputs: { sketch: await context.put(bytes, 'derived', 'application/vnd.custos.sketches') },
  };
};

/** Reduce: one decision for each record, with its reason. */
export const planMinimize: Executor = async (context) => {
  const sketches = [];
  for (const ref of await context.list('sketches', 'sketch'))
    sketches.push(decodeSketches(await context.read(ref)));
  const { decisions, report } = planMinimization(sketches, context.policy.minimize);
  const byId = decisionsById(decisions);
  const maps: ArtifactRef[] = [];
  for (const { ids } of sketches) {
    const lines = encodeLines(ids.map((id) => byId.get(id)));
    maps.push(await context.put(lines, 'derived', 'application/vnd.custos.minimize-map+jsonl'));
  }
  const { kept, records, byReason } = report;
  return {
    outputs: {
      maps: await context.putJson(artifactList(maps), 'evidence', LIST_MEDIA_TYPE),
      report: await context.putJson(
        report,
        'evidence',
        'application/vnd.custos.minimize-report+json',
      ),
    },
    counts: {
      records,
      kept,
      exact: byReason['exact-duplicate'],
      near: byReason['near-duplicate'],
      short: byReason['too-short'],
      long: byReason['too-long'],
      budget: byReason['over-budget'],
    },
  };
};

/** Map: the kept records of a shard. */
export const keepShard: Executor = async (context) => {
  const records = [
    ...decodeShard(await context.read(context.ref('approved')), context.ref('approved').digest),
  ];
  const decisions = decodeLines<MinimizeDecision>(await context.read(context.ref('map')));
  const kept = filterShard(records, decisionsById(decisions));
  return {
    outputs: { kept: await context.put(encodeShard(kept), 'derived', SHARD_MEDIA_TYPE) },
    counts: { records: records.length, kept: kept.length },
  };
};
