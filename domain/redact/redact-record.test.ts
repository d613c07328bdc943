import { describe, expect, it } from 'vitest';
import {
  check,
  validateRedactVaultEntry,
  validateSpanReport,
  type TrainingRecord,
} from '../../schemas/index.js';
import { openTagger } from '../../infra/redaction/index.js';
import { createPolicyMatcher, createRecordRedactor, type RedactedRecord } from './redact-record.js';
import type { RedactPolicy } from './types.js';

const policy: RedactPolicy = {
  profile: 'thorough',
  entities: {
    PERSON: 'placeholder',
    LOCATION: 'placeholder',
    ORGANIZATION: 'placeholder',
    EMAIL_ADDRESS: 'placeholder',
    PHONE_NUMBER: 'keep',
    US_SSN: 'drop-record',
  },
  minScore: 0.35,
  reviewBelow: 0.6,
};
const record = (...contents: string[]): TrainingRecord => ({
  id: `0a1b2c3d:${'ab'.repeat(32)}`,
  subjectId: `0a1b2c3d:${'cd'.repeat(32)}`,
  messages: contents.map((content, at) => ({ role: at % 2 === 0 ? 'user' : 'assistant', content })),
});

const tagger = await openTagger('thorough');
const redactRecord = (source: TrainingRecord): Promise<RedactedRecord> =>
  createRecordRedactor(policy, { tagger })(source);

describe('redactRecord', async () => {
  const source = record(
    'My name is Ulrike Zorn, zorn@example.com, 212-555-0187.',
    'Dear Ulrike Zorn, done.',
  );
  const outcome = await redactRecord(source);

  it('redacts every message and keeps the rest of the record', () => {
    expect(outcome.record).toEqual({
      ...source,
      messages: [
        { role: 'user', content: 'My name is [PERSON], [EMAIL_ADDRESS], 212-555-0187.' },
        { role: 'assistant', content: 'Dear [PERSON], done.' },
      ],
    });
    expect(outcome.uncertain).toBe(false);
  });

  it('takes a title with the name, and leaves what is none', async () => {
    const redacted = await redactRecord(
      record(
        'Contact Dr. John Doe at john.doe@enterprise.com or call Prof Ada Obi regarding the SYUTHD project.',
      ),
    );
    expect(redacted.record?.messages[0]?.content).toBe(
      'Contact [PERSON] at [EMAIL_ADDRESS] or call [PERSON] regarding the SYUTHD project.',
    );
    expect(redacted.removed[0]?.value).toBe('Dr. John Doe');
  });

  it('reports spans without values, by message', () => {
    for (const span of outcome.spans) check(validateSpanReport, span, 'span');
    expect(outcome.spans.map(({ message, type, action }) => [message, type, action])).toEqual([
      [0, 'PERSON', 'placeholder'],
      [0, 'EMAIL_ADDRESS', 'placeholder'],
      [0, 'PHONE_NUMBER', 'keep'],
      [1, 'PERSON', 'placeholder'],
    ]);
    expect(JSON.stringify(outcome.spans)).not.toMatch(/Zorn|example\.com|0187/i);
  });

  it('gives what was removed to the vault, and only that', () => {
    for (const entry of outcome.removed) check(validateRedactVaultEntry, entry, 'entry');
    expect(outcome.removed.map(({ value }) => value)).toEqual([
      'Ulrike Zorn',
      'zorn@example.com',
      'Ulrike Zorn',
    ]);
  });

  it('puts the record together again from the vault', () => {
    const { messages } = outcome.record ?? source;
    const values = outcome.removed.map(({ value }) => value);
    const restored = messages.map(({ content }) =>
      content.replace(/\[[A-Z_]+\]/g, () => values.shift() ?? ''),
    );
    expect(restored).toEqual(source.messages.map(({ content }) => content));
  });

  it('drops a record where the policy says so, and still reports why', async () => {
    const dropped = await redactRecord(record('SSN 123-45-6789', 'ok'));
    expect(dropped.record).toBeUndefined();
    expect(dropped.spans).toMatchObject([{ type: 'US_SSN', action: 'drop-record' }]);
    expect(dropped.removed).toHaveLength(1);
  });

  it('removes what it is unsure of and sends the record to review', async () => {
    const unsure = await redactRecord(record('The Falcon is late again.', 'ok'));
    expect(unsure.record?.messages[0]?.content).toMatch(/^The \[[A-Z]+\] is late again\.$/);
    expect(unsure).toMatchObject({ uncertain: true, spans: [{ uncertain: true }] });
  });

  it('finds the same with patterns that other redactors use at the same time', async () => {
    const match = createPolicyMatcher(policy);
    const sources = [source, record('SSN 123-45-6789', 'Call Ada Obi, 212-555-0187.'), source];
    const shared = sources.map((one) => createRecordRedactor(policy, { tagger, match })(one));
    expect(await Promise.all(shared)).toEqual(await Promise.all(sources.map(redactRecord)));
  });

  it('refuses a policy with an unknown type', () => {
    const wrong = { ...policy, entities: { SHOE_SIZE: 'placeholder' as const } };
    expect(() => createRecordRedactor(wrong, { tagger })).toThrow(
      expect.objectContaining({ code: 'ENTITY_UNKNOWN' }),
    );
  });
});
