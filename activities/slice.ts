import { artifactList, LIST_MEDIA_TYPE } from '../domain/lineage/index.js';
import { encodeLines } from '../domain/record/index.js';
import { decisionsByRecord, sliceDecisions } from '../domain/review/index.js';
import {
  check,
  validateReviewBatch,
  validateReviewDecisions,
  validateReviewOverlay,
  type ArtifactRef,
} from '../schemas/index.js';
import type { Executor } from './context.js';
import { openBacklog, PUTS_AT_ONCE } from './lanes.js';

/** Cuts the decisions on a batch into one slice a shard: what a shard needs and nothing else. */
export const slice: Executor = async (context) => {
  const json = (name: string) => context.readJson<unknown>(context.ref(name));
  const byRecord = decisionsByRecord(
    check(validateReviewBatch, await json('batch'), 'the review batch'),
    check(validateReviewOverlay, await json('overlay'), 'the review overlay'),
    check(validateReviewDecisions, await json('decisions'), 'the decisions'),
  );
  const shardOf = (await json('places')) as Readonly<Record<string, number>>;
  const shards = (await context.list('redacted', 'redacted')).length;
  const slices = openBacklog<ArtifactRef>(PUTS_AT_ONCE);
  const put = (lines: readonly unknown[]) =>
    context.put(encodeLines(lines), 'derived', 'application/vnd.custos.decisions+jsonl');
  const untouched = await put([]);
  let decided = 0;
  for (const lines of sliceDecisions(byRecord, shardOf, shards)) {
    decided += lines.length;
    await slices.add(() => (lines.length === 0 ? Promise.resolve(untouched) : put(lines)));
  }
  const list = artifactList(await slices.finish());
  return {
    outputs: { slices: await context.putJson(list, 'evidence', LIST_MEDIA_TYPE) },
    counts: { shards, records: decided },
  };
};
