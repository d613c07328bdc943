import {
  createRecordRedactor,
  RedactError,
  type NameModel,
  type RedactErrorCode,
  type RedactPolicy,
} from '../../domain/redact/index.js';
import type { SpanReport } from '../../schemas/index.js';
import { NameModelError, type NameModelErrorCode } from './errors.js';
import { openTagger } from './open-tagger.js';

/** Texts that are redacted as one record. */
export interface PlainRecord {
  /** Tells records apart: the dates of one are moved together. At most 64 hexadecimal digits. */
  readonly id: string;
  readonly texts: readonly string[];
}

export interface PlainOutcome {
  /** Undefined when the policy drops the record. */
  readonly texts: readonly string[] | undefined;
  readonly spans: readonly SpanReport[];
}

export type PlainRedactor = (record: PlainRecord) => Promise<PlainOutcome>;

export interface RedactorSetup {
  readonly policy: RedactPolicy;
  /** 32 bytes, for pseudonyms and for numbers that hold in all records. */
  readonly key?: Uint8Array | undefined;
  /** A model of names in place of the policy's. */
  readonly model?: NameModel | undefined;
}

const NO_KEY_ID = '0'.repeat(8);

/**
 * Redacts texts that belong to no dataset.
 * @throws RedactError ENTITY_UNKNOWN, RECOGNIZER_INVALID, KEY_MISSING; NameModelError
 */
export async function openPlainRedactor({
  policy,
  key,
  model,
}: RedactorSetup): Promise<PlainRedactor> {
  const tagger = await openTagger(policy.profile, model ?? policy.model);
  const redact = createRecordRedactor(policy, { tagger, key });
  return async ({ id, texts }) => {
    const { record, spans } = await redact({
      id: `${NO_KEY_ID}:${id.padStart(64, '0')}`,
      messages: texts.map((content) => ({ role: 'user', content })),
    });
    return { texts: record?.messages.map(({ content }) => content), spans };
  };
}

/** An error of ours, as a value that crosses threads; of any other its class alone. */
export interface Refusal {
  readonly code: RedactErrorCode | NameModelErrorCode | 'THREAD_FAILED';
  readonly message: string;
}

export function refusalOf(error: unknown): Refusal {
  if (error instanceof RedactError || error instanceof NameModelError) {
    return { code: error.code, message: error.message };
  }
  if (!(error instanceof Error)) {
    return { code: 'THREAD_FAILED', message: 'a thread failed to redact' };
  }
  // The stack begins with the message, which may quote a text, in lines that look like frames.
  const frame = /^\s+at .*$/m.exec(error.stack?.replace(error.message, '') ?? '')?.[0].trim() ?? '';
  return { code: 'THREAD_FAILED', message: `a thread failed to redact (${error.name} ${frame})` };
}
