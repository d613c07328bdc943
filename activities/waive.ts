import {
  artifactList,
  digestJson,
  LineageError,
  LIST_MEDIA_TYPE,
} from '../domain/lineage/index.js';
import { decodeLines, encodeLines } from '../domain/record/index.js';
import { check, validateReviewWaiver, type SpanReport } from '../schemas/index.js';
import type { Executor, StepContext } from './context.js';

/** What a reviewer would have been shown first: the spans that the machine was not sure about. */
async function countUncertain(
  context: StepContext,
): Promise<{ readonly spans: number; readonly records: number }> {
  let [spans, records] = [0, 0];
  for (const [shard, ref] of (await context.list('redacted', 'spans')).entries()) {
    context.signal.throwIfAborted();
    context.heartbeat({ shard });
    const uncertain = decodeLines<SpanReport>(await context.read(ref)).filter(
      (span) => span.uncertain,
    );
    spans += uncertain.length;
    records += new Set(uncertain.map(({ recordId }) => recordId)).size;
  }
  return { spans, records };
}

/**
 * Stands in place of an approval where the policy waives the review: says so, and cuts decisions
 * that decide nothing, so that every machine redaction stays, uncertain ones too.
 * @throws LineageError GATE_SHUT when the policy requires a review
 */
export const waive: Executor = async (context) => {
  if (context.policy.review.required) {
    throw new LineageError(
      'GATE_SHUT',
      'the policy requires a review (/review/required); nobody but the policy waives it',
    );
  }
  const redacted = await context.list('redacted', 'redacted');
  const uncertain = await countUncertain(context);
  const waiver = {
    schema: 'custos.review-waiver.v1',
    policyPointer: '/review/required',
    dataset: digestJson(redacted.map(({ digest }) => digest)),
    shards: redacted.length,
    uncertain,
  } as const;
  const nothing = await context.put(
    encodeLines([]),
    'derived',
    'application/vnd.custos.decisions+jsonl',
  );
  return {
    outputs: {
      waiver: await context.putJson(
        check(validateReviewWaiver, waiver, 'the waiver'),
        'evidence',
        'application/vnd.custos.review-waiver+json',
      ),
      slices: await context.putJson(
        artifactList(redacted.map(() => nothing)),
        'evidence',
        LIST_MEDIA_TYPE,
      ),
    },
    counts: { items: 0, shards: redacted.length, uncertain: uncertain.spans },
    values: { meaning: 'waived', policyPointer: waiver.policyPointer },
  };
};
