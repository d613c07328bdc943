import { digestJson, LineageError } from '../domain/lineage/index.js';
import { decodeLines, decodeShard } from '../domain/record/index.js';
import {
  batchRoot,
  buildBatch,
  createSelector,
  shownDigest,
  type Candidate,
} from '../domain/review/index.js';
import type { ArtifactRef, SpanReport } from '../schemas/index.js';
import type { Executor, StepContext } from './context.js';

/** The records and spans of one redacted shard. */
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
    return {
      records: decodeShard(await context.read(records), records.digest),
      spans: decodeLines<SpanReport>(await context.read(found)),
    };
  };
}

/** Draws the batch: uncertain records, a secret random sample of the rest, planted misses in the overlay. */
export const reviewBatch: Executor = async (context) => {
  const policy = context.policy.review;
  const secret = await context.read(context.ref('secret'));
  const redacted = await context.list('redacted', 'redacted');
  const readShard = shardReader(context, redacted, await context.list('redacted', 'spans'));
  const selector = createSelector({ policy, secret });
  for (const shard of redacted.keys()) {
    const { records, spans } = await readShard(shard);
    selector.add(shard, { recordIds: records.map(({ id }) => id), spans });
  }
  const selection = selector.finish();
  const { shardOf } = selection;
  const candidates: Candidate[] = [];
  for (const shard of new Set(shardOf.values())) {
    const { records, spans } = await readShard(shard);
    for (const record of records.filter(({ id }) => shardOf.has(id))) {
      candidates.push({ record, spans: spans.filter(({ recordId }) => recordId === record.id) });
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
