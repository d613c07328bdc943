import { describe, expect, it } from 'vitest';
import { createRedactor } from './create-redactor.js';
import { ownRecognizers } from './own-recognizers.js';

const own = ownRecognizers([
  {
    name: 'badge',
    type: 'USERNAME',
    format: 'AC-\\d{5}',
    matches: ['AC-20417'],
    rejects: ['AC-204'],
  },
  {
    name: 'case',
    type: 'MEDICAL_RECORD_NUMBER',
    format: '[A-Z]{2}\\d{4}',
    labels: ['case', 'matter file'],
    checksum: 'mod97',
    matches: ['AB1281'],
    rejects: ['AB1282'],
  },
]);
const entities = ['USERNAME', 'MEDICAL_RECORD_NUMBER', 'DEVICE_ID'] as const;
const redactor = createRedactor({
  entities,
  minScore: 0.35,
  profile: 'patterns',
  recognizers: own,
});

describe('recognizers of a policy', () => {
  it.each([
    ['lost AC-20417 today', 'lost [USERNAME] today'],
    ['(AC-20417)', '([USERNAME])'],
    ['case: AB1281', 'case: [MEDICAL_RECORD_NUMBER]'],
    ['{"matterFile": "AB1281"}', '{"matterFile": "[MEDICAL_RECORD_NUMBER]"}'],
    ['they gave AB1281 as the case', 'they gave [MEDICAL_RECORD_NUMBER] as the case'],
    ['lost ac-20417 today', 'lost ac-20417 today'],
    ['XAC-20417', 'XAC-20417'],
    ['AC-20417-B', 'AC-20417-B'],
    ['AC-204170', 'AC-204170'],
    ['case: AB1282', 'case: AB1282'],
    ['AB1281 by itself', 'AB1281 by itself'],
  ])('%s', async (text, redacted) => {
    expect(redactor.apply(text, await redactor.find(text), () => 'placeholder')).toBe(redacted);
  });

  it('are told in the span', async () => {
    const [span] = await redactor.find('case: AB1281');
    expect(span).toMatchObject({ recognizer: 'case', explanation: { validator: 'passed' } });
  });

  it('name a type that there is', () => {
    const unknown = { name: 'x', type: 'NONE', format: 'a', matches: ['a'], rejects: ['b'] };
    expect(() => ownRecognizers([unknown])).toThrow(/names "NONE"/);
  });
});
