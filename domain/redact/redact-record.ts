import type { RedactVaultEntry, SpanReport, TrainingRecord } from '../../schemas/index.js';
import { asEntityType, createRedactor, type Redactor } from './create-redactor.js';
import { withTitles } from './with-titles.js';
import type { NameTagger } from './tagger/types.js';
import type { Action, EntityType, RedactPolicy } from './types.js';

/** What redacting one record gives. `removed` holds values: it goes into the vault and nowhere else. */
export interface RedactedRecord {
  /** Undefined when the policy drops records that hold one of its spans. */
  readonly record: TrainingRecord | undefined;
  readonly spans: readonly SpanReport[];
  readonly removed: readonly RedactVaultEntry[];
  /** A span is below `reviewBelow`: the record goes to review. */
  readonly uncertain: boolean;
}

export type RecordRedactor = (record: TrainingRecord) => Promise<RedactedRecord>;

/**
 * Makes the function that redacts records under a policy; make it once per shard.
 * @param tagger reads names; needed by every profile but `patterns`
 * @throws RedactError ENTITY_UNKNOWN when the policy names a type that no recognizer finds;
 *   TAGGER_MISSING
 */
export function createRecordRedactor(policy: RedactPolicy, tagger?: NameTagger): RecordRedactor {
  const actions = new Map<EntityType, Action>(
    Object.entries(policy.entities).map(([type, action]) => [asEntityType(type), action]),
  );
  const redactor = createRedactor({
    entities: [...actions.keys()],
    minScore: policy.minScore,
    profile: policy.profile,
    ...(tagger === undefined ? {} : { tagger }),
  });
  return (record) => redactOne(record, redactor, actions, policy);
}

async function redactOne(
  record: TrainingRecord,
  redactor: Redactor,
  actions: ReadonlyMap<EntityType, Action>,
  policy: RedactPolicy,
): Promise<RedactedRecord> {
  const actionOf = (type: EntityType): Action => actions.get(type) ?? 'placeholder';
  const texts = record.messages.map(({ content }) => content);
  const named = await redactor.findAll(texts);
  const found = texts.map((text, at) => withTitles(text, named[at] ?? []));
  const spans = found.flatMap((inMessage, message) =>
    inMessage.map((span): SpanReport => ({
      recordId: record.id,
      message,
      ...span,
      explanation: { ...span.explanation, context: [...span.explanation.context] },
      action: actionOf(span.type),
      uncertain: span.score < policy.reviewBelow,
    })),
  );
  const kept = spans.every(({ action }) => action !== 'drop-record');
  const messages = record.messages.map((message, at) => ({
    ...message,
    content: redactor.apply(message.content, found[at] ?? [], actionOf),
  }));
  return {
    record: kept ? { ...record, messages } : undefined,
    spans,
    removed: spans.filter(({ action }) => action !== 'keep').map((span) => vaultEntry(span, texts)),
    uncertain: spans.some(({ uncertain }) => uncertain),
  };
}

function vaultEntry(span: SpanReport, texts: readonly string[]): RedactVaultEntry {
  const { recordId, message, start, end, type } = span;
  const value = (texts[message] ?? '').slice(start, end);
  return { recordId, message, start, end, type, value };
}
