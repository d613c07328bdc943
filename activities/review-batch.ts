import { digestJson, LineageError } from '../domain/lineage/index.js';
import { decodeLines, decodeLinesWith, decodeShard, shardLines } from '../domain/record/index.js';
import {
  batchRoot,
  buildBatch,
  createSelector,
  shownDigest,
  type Candidate,
} from '../domain/review/index.js';
import type { ArtifactRef, SpanReport } from '../schemas/index.js';
import type { Executor, StepContext } from './context.js';
import { loadAhead, SHARDS_AHEAD } from './lanes.js';

/** Whether the line of a span may be of a record that is wanted: only another's id says no. */
const mayBeOf = (wanted: ReadonlyMap<string, unknown>) => (line: string) => {
  const id = /^\{"recordId":"([^"]+)"/.exec(line)?.[1];
  return id === undefined || wanted.has(id);
};

/** What the line of an uncertain span holds. */
const UNCERTAIN = '"uncertain":true';

/** The lines of one redacted shard's records, and the bytes of its spans. */
function shardReader(
  context: StepContext,
  redacted: readonly ArtifactRef[],
  spans: typeof redacted,
) {
  return async (shard: number) => {
    context.signal.throwIfAborted();
    context.heartbeat({ shard });
    const [records, found] = [redacted[shard], spans[shard]];
    if (records === undefined || found === undefined) {
      throw new LineageError('STEP_INVALID', `there is no redacted shard ${String(shard)}`);
    }
    const [shardBytes, spanBytes] = await Promise.all([context.read(records), context.read(found)]);
    return { lines: shardLines(shardBytes, records.digest), spans: spanBytes };
  };
}

/** Draws the batch: uncertain records, a secret random sample of the rest, planted misses in the overlay. */
export const reviewBatch: Executor = async (context) => {
  const policy = context.policy.review;
  const secret = await context.read(context.ref('secret'));
  const redacted = await context.list('redacted', 'redacted');
  const readShard = shardReader(context, redacted, await context.list('redacted', 'spans'));
  const selector = createSelector({ policy, secret });
  let shard = 0;
  for await (const { lines, spans } of loadAhead(redacted.length, SHARDS_AHEAD, readShard)) {
    const uncertain = decodeLinesWith<SpanReport>(spans, UNCERTAIN);
    selector.add(shard++, { recordIds: lines.map(({ id }) => id), spans: uncertain });
  }
  const selection = selector.finish();
  const { shardOf } = selection;
  const candidates: Candidate[] = [];
  const drawn = [...new Set(shardOf.values())];
  const readDrawn = (index: number) => readShard(drawn[index] ?? -1);
  for await (const { lines, spans } of loadAhead(drawn.length, SHARDS_AHEAD, readDrawn)) {
    const wanted = Buffer.concat(lines.flatMap(({ id, line }) => (shardOf.has(id) ? [line] : [])));
    const found = decodeLines<SpanReport>(spans, mayBeOf(shardOf));
    for (const record of decodeShard(wanted, 'the drawn records')) {
      candidates.push({ record, spans: found.filter(({ recordId }) => recordId === record.id) });
    }
  }
  const places = Object.fromEntries(shardOf);
  const dataset = digestJson(redacted.map(({ digest }) => digest));
  const { batch, overlay } = buildBatch(selection, candidates, { dataset, secret });
  const info = {
    batchRoot: batchRoot(batch),
    shownDigest: shownDigest(batch),
    dataset,
    items: batch.items.length,
  };
  return {
    outputs: {
      batch: await context.putJson(batch, 'derived', 'application/vnd.custos.review-batch+json'),
      overlay: await context.putJson(
        overlay,
        'vault',
        'application/vnd.custos.review-overlay+json',
      ),
      places: await context.putJson(places, 'derived', 'application/vnd.custos.places+json'),
      info: await context.putJson(info, 'evidence', 'application/vnd.custos.review-info+json'),
    },
    counts: {
      items: batch.items.length,
      uncertain: selection.uncertain.length,
      sample: selection.sample.length,
    },
    values: { batchRoot: info.batchRoot, shownDigest: info.shownDigest },
  };
};
