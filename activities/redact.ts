import { setImmediate as yieldToLoop } from 'node:timers/promises';
import { decodeShard, encodeLines, encodeShard, SHARD_MEDIA_TYPE } from '../domain/record/index.js';
import { createRecordRedactor } from '../domain/redact/index.js';
import type { RedactVaultEntry, SpanReport, TrainingRecord } from '../schemas/index.js';
import type { Executor } from './context.js';

const RECORDS_PER_TURN = 32;

/** One shard redacted: records, spans without values, and the removed values for the vault. */
export const redactShard: Executor = async (context) => {
  const redact = createRecordRedactor(context.policy.redact);
  const records: TrainingRecord[] = [];
  const spans: SpanReport[] = [];
  const removed: RedactVaultEntry[] = [];
  const counts: Record<string, number> = { records: 0, spans: 0, uncertain: 0, dropped: 0 };
  const add = (name: string, amount: number) => {
    counts[name] = (counts[name] ?? 0) + amount;
  };
  for (const record of decodeShard(
    await context.read(context.ref('shard')),
    context.ref('shard').digest,
  )) {
    const outcome = redact(record);
    add('records', 1);
    add('spans', outcome.spans.length);
    add('uncertain', outcome.uncertain ? 1 : 0);
    add('dropped', outcome.record === undefined ? 1 : 0);
    for (const span of outcome.spans) add(`spans.${span.type}`, 1);
    if (outcome.record !== undefined) records.push(outcome.record);
    spans.push(...outcome.spans);
    removed.push(...outcome.removed);
    if ((counts['records'] ?? 0) % RECORDS_PER_TURN === 0) {
      // The recognizers are synchronous: heartbeats and cancellation need the loop.
      context.heartbeat({ records: counts['records'] ?? 0, spans: spans.length });
      await yieldToLoop();
      context.signal.throwIfAborted();
    }
  }
  return {
    outputs: {
      redacted: await context.put(encodeShard(records), 'derived', SHARD_MEDIA_TYPE),
      spans: await context.put(encodeLines(spans), 'derived', 'application/vnd.custos.spans+jsonl'),
      vault: await context.put(encodeLines(removed), 'vault', 'application/vnd.custos.vault+jsonl'),
    },
    counts,
  };
};
