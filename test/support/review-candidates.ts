import { createHash } from 'node:crypto';
import { digestJson } from '../../domain/lineage/index.js';
import {
  batchRoot,
  buildBatch,
  createSelector,
  type Candidate,
} from '../../domain/review/index.js';
import type {
  ReviewDecision,
  ReviewDecisions,
  SpanReport,
  TrainingRecord,
} from '../../schemas/index.js';

export const SECRET = new Uint8Array(32).fill(3);
export const DATASET = digestJson('dataset');
export const idOf = (name: string | number) =>
  `00000000:${createHash('sha256').update(String(name)).digest('hex')}`;

interface Removal {
  readonly value: string;
  readonly type: string;
  readonly score?: number;
}

/** A redacted record made of texts and removed values, as the redaction stage reports it. */
export function candidate(name: string | number, ...parts: (string | Removal)[]): Candidate {
  const id = idOf(name);
  const spans: SpanReport[] = [];
  let before = '';
  let after = '';
  for (const part of parts) {
    if (typeof part === 'string') {
      before += part;
      after += part;
      continue;
    }
    const score = part.score ?? 0.99;
    spans.push({
      recordId: id,
      message: 0,
      start: before.length,
      end: before.length + part.value.length,
      type: part.type,
      score,
      recognizer: 'test',
      action: 'placeholder',
      written: { start: after.length, end: after.length + part.type.length + 2 },
      uncertain: score < 0.6,
      explanation: { pattern: 'test', validator: 'none', context: [] },
    });
    before += part.value;
    after += `[${part.type}]`;
  }
  const messages: TrainingRecord['messages'] = [
    { role: 'user', content: after },
    { role: 'assistant', content: 'Done. It was sent.' },
  ];
  return { record: { id, messages }, spans };
}

export const PLAN = { sampleSize: 20, maxUncertain: 100, plantedMisses: 2 };

export const person = (score?: number): Removal => ({
  value: 'Jane Roe',
  type: 'PERSON',
  ...(score === undefined ? {} : { score }),
});

export const CANDIDATES: readonly Candidate[] = [
  ...Array.from({ length: 60 }, (_, index) =>
    candidate(
      index,
      `Ticket ${String(index)} of `,
      person(),
      ', sent to ',
      { value: 'a@b.example', type: 'EMAIL_ADDRESS' },
      '. Thanks.',
    ),
  ),
  candidate('u1', 'Call ', person(0.5), ' today.'),
  candidate('u2', 'Call ', person(0.2), ' now.'),
];

/** The selection from candidates in shards of so many. */
export function select(
  candidates = CANDIDATES,
  policy = PLAN,
  secret = SECRET,
  shardRecords = Math.max(1, candidates.length),
) {
  const selector = createSelector({ policy, secret });
  for (let from = 0; from < candidates.length; from += shardRecords) {
    const shard = candidates.slice(from, from + shardRecords);
    selector.add(from / shardRecords, {
      recordIds: shard.map(({ record }) => record.id),
      spans: shard.flatMap(({ spans }) => spans),
    });
  }
  return selector.finish();
}

export const build = (candidates = CANDIDATES, policy = PLAN) =>
  buildBatch(select(candidates, policy), candidates, { dataset: DATASET, secret: SECRET });

type Built = ReturnType<typeof build>;

export const decided = ({ batch }: Built, change: Record<string, readonly object[]> = {}) =>
  ({
    schema: 'custos.review-decisions.v1',
    batchRoot: batchRoot(batch),
    decisions: batch.items.flatMap(({ id }) =>
      (change[id] ?? [{ action: 'approve' }]).map(
        (one) => ({ itemId: id, ...one }) as ReviewDecision,
      ),
    ),
  }) satisfies ReviewDecisions;
