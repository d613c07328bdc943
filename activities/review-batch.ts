import { digestJson } from '../domain/lineage/index.js';
import { decodeLines, decodeShard } from '../domain/record/index.js';
import {
  batchRoot,
  buildBatch,
  selectForReview,
  shownDigest,
  type Candidate,
} from '../domain/review/index.js';
import type { SpanReport, TrainingRecord } from '../schemas/index.js';
import type { Executor, StepContext } from './context.js';

/** Visits the redacted shards one at a time, each with its span report. */
async function* shards(context: StepContext): AsyncGenerator<{
  readonly shard: number;
  readonly records: readonly TrainingRecord[];
  readonly spans: readonly SpanReport[];
}> {
  const spanRefs = await context.list('redacted', 'spans');
  for (const [shard, ref] of (await context.list('redacted', 'redacted')).entries()) {
    context.signal.throwIfAborted();
    context.heartbeat({ shard });
    const records = [...decodeShard(await context.read(ref), ref.digest)];
    const spanRef = spanRefs[shard];
    const spans = spanRef === undefined ? [] : decodeLines<SpanReport>(await context.read(spanRef));
    yield { shard, records, spans };
  }
}

/** Draws the batch: uncertain records, a secret random sample of the rest, planted misses in the overlay. */
export const reviewBatch: Executor = async (context) => {
  const policy = context.policy.review;
  const secret = await context.read(context.ref('secret'));
  const recordIds: string[] = [];
  const allSpans: Pick<SpanReport, 'recordId' | 'score' | 'uncertain'>[] = [];
  for await (const { records, spans } of shards(context)) {
    recordIds.push(...records.map(({ id }) => id));
    const kept = new Set(records.map(({ id }) => id));
    for (const { recordId, score, uncertain } of spans) {
      // Records that the policy dropped are in no dataset, so nobody reviews them.
      if (kept.has(recordId)) allSpans.push({ recordId, score, uncertain });
    }
  }
  const selection = selectForReview({ recordIds, spans: allSpans, policy, secret });
  const wanted = new Set([...selection.uncertain, ...selection.sample, ...selection.plantHosts]);
  const candidates: Candidate[] = [];
  const places: Record<string, number> = {};
  for await (const { shard, records, spans } of shards(context)) {
    for (const record of records.filter(({ id }) => wanted.has(id))) {
      places[record.id] = shard;
      candidates.push({ record, spans: spans.filter(({ recordId }) => recordId === record.id) });
    }
  }
  const redacted = await context.list('redacted', 'redacted');
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
