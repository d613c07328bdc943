import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrainingRecord } from '../../schemas/index.js';
import { applyDecisions, batchRoot, buildBatch, decisionsByRecord } from './index.js';
import {
  build,
  candidate,
  CANDIDATES,
  DATASET,
  decided,
  idOf,
  person,
  PLAN,
  select,
} from '../../test/support/review-candidates.js';

describe('applyDecisions', () => {
  const subject = candidate(
    'x',
    'Mail ',
    person(0.3),
    ' or Jim Doe, ',
    { value: '12 May', type: 'DATE', score: 0.2 },
    '.',
  );
  const vault = new Map(
    subject.spans.map(({ start, type }) => [
      `${String(start)}:${type}`,
      type === 'DATE' ? '12 May' : 'Jane Roe',
    ]),
  );
  const options = {
    lookup: ({ start, type }: { start: number; type: string }) =>
      vault.get(`${String(start)}:${type}`),
    entities: { PERSON: 'placeholder', MEDICAL: 'drop-record' } as const,
  };
  const built = build([subject], { ...PLAN, plantedMisses: 0 });
  const itemId = built.batch.items[0]?.id ?? '';
  const apply = (...decisions: object[]) => {
    const byRecord = decisionsByRecord(
      built.batch,
      built.overlay,
      decided(built, { [itemId]: decisions }),
    );
    return applyDecisions(subject.record, byRecord.get(subject.record.id), options);
  };
  const at = (text: string) => {
    const start = subject.record.messages[0]?.content.indexOf(text) ?? -1;
    return { message: 0, start, end: start + text.length };
  };

  it('changes nothing when approved or not shown', () => {
    expect(apply({ action: 'approve' }).record).toEqual(subject.record);
    expect(applyDecisions(subject.record, undefined, options).record).toBe(subject.record);
  });

  it('removes what was added and gives it to the vault, in offsets before redaction', () => {
    const { record, removed } = apply({ action: 'add-span', ...at('Jim Doe'), type: 'PERSON' });
    expect(record?.messages[0]?.content).toBe('Mail [PERSON] or [PERSON], [DATE].');
    const original = 'Mail Jane Roe or Jim Doe, 12 May.';
    expect(removed).toEqual([
      {
        recordId: subject.record.id,
        message: 0,
        start: original.indexOf('Jim'),
        end: original.indexOf(','),
        type: 'PERSON',
        value: 'Jim Doe',
      },
    ]);
  });

  it('restores what was wrongly removed, several at once', () => {
    const { record, restored } = apply(
      { action: 'wrong-span', span: 1 },
      { action: 'wrong-span', span: 0 },
      { action: 'add-span', ...at('Jim Doe'), type: 'PERSON' },
    );
    expect(record?.messages[0]?.content).toBe('Mail Jane Roe or [PERSON], 12 May.');
    expect(restored).toBe(2);
  });

  it('drops a rejected record, and one with an added span of a dropping type', () => {
    expect(apply({ action: 'reject' }).record).toBeUndefined();
    const dropped = apply({ action: 'add-span', ...at('Jim Doe'), type: 'MEDICAL' });
    expect(dropped.record).toBeUndefined();
    expect(dropped.removed).toHaveLength(1);
  });

  it('fails when the vault lacks the value or the record changed', () => {
    const byRecord = decisionsByRecord(
      built.batch,
      built.overlay,
      decided(built, { [itemId]: [{ action: 'wrong-span', span: 0 }] }),
    );
    const decisions = byRecord.get(subject.record.id);
    const empty = { ...options, lookup: () => undefined };
    expect(() => applyDecisions(subject.record, decisions, empty)).toThrow(
      expect.objectContaining({ code: 'VALUE_MISSING' }),
    );
    const changed = { ...subject.record, messages: subject.record.messages.slice(1) };
    expect(() => applyDecisions(changed, decisions, options)).toThrow(
      expect.objectContaining({ code: 'RECORD_CHANGED' }),
    );
  });

  it('refuses the overlay or the decisions of another batch', () => {
    const other = build(CANDIDATES);
    expect(() => decisionsByRecord(built.batch, other.overlay, decided(built))).toThrow('overlay');
    const stale = { ...decided(built), batchRoot: batchRoot(other.batch) };
    expect(() => decisionsByRecord(built.batch, built.overlay, stale)).toThrow('another batch');
  });

  it('leaves no trace of a planted miss and keeps what was found beside it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (secret) => {
        const policy = { ...PLAN, sampleSize: 0 };
        const candidates = [candidate('p', 'See Jim Doe. Then ', person(), ' left. Bye!')];
        const made = buildBatch(select(candidates, policy, secret), candidates, {
          dataset: DATASET,
          secret,
        });
        const change: Record<string, object[]> = {};
        for (const { itemId: id, planted } of made.overlay.items) {
          const shown = made.batch.items.find((item) => item.id === id)?.shown;
          const start = shown?.[0]?.content.indexOf('Jim Doe') ?? -1;
          const {
            message,
            start: from,
            end,
            type,
          } = planted ?? { message: 0, start: 0, end: 0, type: '' };
          change[id] = [
            { action: 'add-span', message: 0, start, end: start + 7, type: 'PERSON' },
            { action: 'add-span', message, start: from, end, type },
          ];
        }
        const byRecord = decisionsByRecord(made.batch, made.overlay, decided(made, change));
        const { record } = applyDecisions(
          candidates[0]?.record as TrainingRecord,
          byRecord.get(idOf('p')),
          options,
        );
        expect(record?.messages[0]?.content).toBe('See [PERSON]. Then [PERSON] left. Bye!');
        expect(record?.messages[1]?.content).toBe('Done. It was sent.');
      }),
      { numRuns: 50 },
    );
  });
});
