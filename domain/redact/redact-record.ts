import type { RedactVaultEntry, SpanReport, TrainingRecord } from '../../schemas/index.js';
import { needsKey } from '../../policies/index.js';
import { writeRecord, type ActionOf } from './actions/write-record.js';
import {
  asEntityType,
  createMatcher,
  createRedactor,
  type Matcher,
  type Redactor,
} from './create-redactor.js';
import { RedactError } from './errors.js';
import { ownRecognizers } from './own-recognizers.js';
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

export interface RecordRedactorOptions {
  /** Reads names; needed by every profile but `patterns`. */
  readonly tagger?: NameTagger | undefined;
  /** 32 bytes of the dataset, for pseudonyms and for numbers that hold in all of it. */
  readonly key?: Uint8Array | undefined;
  /** Of {@link createPolicyMatcher} for the same policy; made anew when absent. */
  readonly match?: Matcher | undefined;
}

/**
 * What the patterns of a policy find; made once for the redactors of all shards.
 * @throws RedactError ENTITY_UNKNOWN when the policy names a type that no recognizer finds
 */
export const createPolicyMatcher = ({
  entities,
  recognizers,
}: Pick<RedactPolicy, 'entities' | 'recognizers'>): Matcher =>
  createMatcher({
    entities: Object.keys(entities).map(asEntityType),
    recognizers: ownRecognizers(recognizers),
  });

/** True for a policy under which a redactor needs the dataset's key. */
export const needsDatasetKey = ({ entities }: Pick<RedactPolicy, 'entities'>): boolean =>
  Object.values(entities).some(needsKey);

/**
 * Makes the function that redacts records under a policy; make it once per shard.
 * @throws RedactError ENTITY_UNKNOWN when the policy names a type that no recognizer finds;
 *   TAGGER_MISSING; KEY_MISSING
 */
export function createRecordRedactor(
  policy: RedactPolicy,
  { tagger, key, match = createPolicyMatcher(policy) }: RecordRedactorOptions = {},
): RecordRedactor {
  if (key === undefined && needsDatasetKey(policy)) {
    throw new RedactError('KEY_MISSING', 'the policy has actions that need the key of a dataset');
  }
  const actions = new Map<EntityType, Action>(
    Object.entries(policy.entities).map(([type, action]) => [asEntityType(type), action]),
  );
  const redactor = createRedactor({
    entities: [...actions.keys()],
    minScore: policy.minScore,
    profile: policy.profile,
    match,
    ...(tagger === undefined ? {} : { tagger }),
  });
  const actionOf = (type: EntityType): Action => actions.get(type) ?? 'placeholder';
  return (record) => redactOne(record, { redactor, actionOf, policy, key });
}

interface RecordWork {
  readonly redactor: Redactor;
  readonly actionOf: ActionOf;
  readonly policy: RedactPolicy;
  readonly key: Uint8Array | undefined;
}

const nameOf = (action: Action) => (typeof action === 'string' ? action : action.action);

async function redactOne(
  record: TrainingRecord,
  { redactor, actionOf, policy, key }: RecordWork,
): Promise<RedactedRecord> {
  const texts = record.messages.map(({ content }) => content);
  const named = await redactor.findAll(texts);
  const found = texts.map((text, at) => withTitles(text, named[at] ?? []));
  const secret = key && { key, owner: record.subjectId ?? record.id };
  const written = writeRecord(texts, found, actionOf, secret);
  const spans = found.flatMap((inMessage, message) =>
    inMessage.map((span, at): SpanReport => ({
      recordId: record.id,
      message,
      ...span,
      explanation: { ...span.explanation, context: [...span.explanation.context] },
      action: nameOf(actionOf(span.type)),
      written: { ...(written[message]?.places[at] ?? { start: 0, end: 0 }) },
      uncertain: span.score < policy.reviewBelow,
    })),
  );
  const kept = spans.every(({ action }) => action !== 'drop-record');
  const messages = record.messages.map((message, at) => ({
    ...message,
    content: written[at]?.text ?? '',
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
