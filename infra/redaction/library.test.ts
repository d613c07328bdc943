import { describe, expect, it } from 'vitest';
import { createRedactor, openRedactPool, type OwnRecognizer } from './library.js';

const badge: OwnRecognizer = {
  name: 'badge',
  type: 'ACCOUNT_NUMBER',
  format: String.raw`AC-\d{5}`,
  matches: ['AC-20417'],
  rejects: ['AC-204'],
};
const text = 'badge AC-20417, SSN 536-22-8726';

describe('createRedactor', () => {
  it('takes formats as a policy writes them', async () => {
    const redactor = await createRedactor({ profile: 'patterns', recognizers: [badge] });
    const spans = await redactor.find(text);
    expect(redactor.apply(text, spans, () => 'placeholder')).toBe(
      'badge [ACCOUNT_NUMBER], SSN [US_SSN]',
    );
  });

  it.each([
    [[{ ...badge, format: String.raw`(?:\d{1,20}){1,20}` }], 'recognizers/0/format'],
    [[{ ...badge, format: '(' }], 'recognizers/0/format'],
    [[badge, badge], 'recognizers/1/name'],
    [[{ ...badge, rejects: ['AC-20417'] }], 'recognizers/0/rejects/0'],
    [[{ ...badge, matches: ['B'] }], 'recognizers/0/matches/0'],
  ])('refuses what a policy could not say: %#', async (recognizers, place) => {
    const refusal = {
      code: 'RECOGNIZER_INVALID',
      message: expect.stringContaining(place) as string,
    };
    await expect(createRedactor({ profile: 'patterns', recognizers })).rejects.toMatchObject(
      refusal,
    );
    const policy = {
      profile: 'patterns',
      entities: { ACCOUNT_NUMBER: 'placeholder' },
      minScore: 0.35,
      reviewBelow: 0.6,
      recognizers,
    } as const;
    await expect(openRedactPool({ policy, threads: 1 })).rejects.toMatchObject(refusal);
  });
});
