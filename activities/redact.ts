import { setImmediate as yieldToLoop } from 'node:timers/promises';
import {
  decodeShardByTurns,
  derivePseudonymKey,
  encodeLines,
  encodeShard,
  SHARD_MEDIA_TYPE,
} from '../domain/record/index.js';
import { digestJson } from '../domain/lineage/index.js';
import {
  createPolicyMatcher,
  createRecordRedactor,
  needsDatasetKey,
  type Matcher,
  type NameTagger,
  type RedactedRecord,
} from '../domain/redact/index.js';
import type { Policy, RedactVaultEntry, SpanReport, TrainingRecord } from '../schemas/index.js';
import type { ComputePorts } from './compute-ports.js';
import type { DatasetSecrets, Executor, StepContext } from './context.js';
import { keepRecent } from './recent.js';

/** Records whose names are read side by side; after each the loop turns for heartbeats. */
const RECORDS_PER_TURN = 32;

/**
 * Collects values in their encoded form. What a shard gives is encoded a turn at a time: objects
 * that live for a whole shard are copied by the garbage collector again and again.
 */
function collector<T>(encode: (values: readonly T[]) => Uint8Array) {
  const parts: Uint8Array[] = [];
  return {
    add: (values: readonly T[]) => void parts.push(encode(values)),
    bytes: (): Uint8Array => Buffer.concat(parts),
  };
}

/** What the shard's evidence says of the model of names. */
const modelOf = (tagger: NameTagger | undefined): Readonly<Record<string, string>> =>
  tagger === undefined ? {} : { nameModel: tagger.name, nameModelDigest: tagger.digest };

/** The types for which the policy drops a record, each once. */
const droppingTypes = ({ spans }: RedactedRecord): ReadonlySet<string> =>
  new Set(spans.filter(({ action }) => action === 'drop-record').map(({ type }) => type));

/** The compiled patterns of policies that this worker redacted by last. */
const recentMatchers = keepRecent<Matcher>(4);

function matcherOf({ redact }: Pick<Policy, 'redact'>): Matcher {
  const { entities, recognizers } = redact;
  const key = digestJson({ entities, recognizers });
  return recentMatchers.of(key, () => createPolicyMatcher(redact));
}

/** Derived from the dataset's key, which was drawn once and is sealed: equal in all of its shards. */
async function pseudonymKey(context: StepContext): Promise<Uint8Array> {
  const { recordKey } = await context.readJson<DatasetSecrets>(context.ref('dataset'));
  return derivePseudonymKey(Buffer.from(recordKey, 'base64'));
}

/** Redacts one shard: records, spans without values, and the removed values for the vault. */
export function createRedact(ports: Pick<ComputePorts, 'openTagger'>): Executor {
  return async (context) => {
    const { redact: policy } = context.policy;
    const tagger = await ports.openTagger(policy.profile, policy.model);
    const key = needsDatasetKey(policy) ? await pseudonymKey(context) : undefined;
    const redact = createRecordRedactor(policy, { tagger, key, match: matcherOf(context.policy) });
    const records = collector<TrainingRecord>(encodeShard);
    const spans = collector<SpanReport>(encodeLines);
    const removed = collector<RedactVaultEntry>(encodeLines);
    const counts: Record<string, number> = { records: 0, spans: 0, uncertain: 0, dropped: 0 };
    const add = (name: string, amount: number) => {
      counts[name] = (counts[name] ?? 0) + amount;
    };
    const shard = context.ref('shard');
    const bytes = await context.read(shard);
    for (const turn of decodeShardByTurns(bytes, shard.digest, RECORDS_PER_TURN)) {
      const outcomes = await Promise.all(turn.map(redact));
      for (const outcome of outcomes) {
        add('records', 1);
        add('spans', outcome.spans.length);
        add('uncertain', outcome.uncertain ? 1 : 0);
        if (outcome.record === undefined) {
          add('dropped', 1);
          for (const type of droppingTypes(outcome)) add(`dropped.${type}`, 1);
        }
        for (const span of outcome.spans) add(`spans.${span.type}`, 1);
      }
      records.add(outcomes.flatMap(({ record }) => record ?? []));
      spans.add(outcomes.flatMap((outcome) => outcome.spans));
      removed.add(outcomes.flatMap((outcome) => outcome.removed));
      context.heartbeat({ records: counts['records'] ?? 0, spans: counts['spans'] ?? 0 });
      // With patterns alone nothing above waits for more than a promise.
      await yieldToLoop();
      context.signal.throwIfAborted();
    }
    const [redacted, report, vault] = await Promise.all([
      context.put(records.bytes(), 'derived', SHARD_MEDIA_TYPE),
      context.put(spans.bytes(), 'derived', 'application/vnd.custos.spans+jsonl'),
      context.put(removed.bytes(), 'vault', 'application/vnd.custos.vault+jsonl'),
    ]);
    const outputs = { redacted, spans: report, vault };
    return { outputs, counts, values: modelOf(tagger) };
  };
}
