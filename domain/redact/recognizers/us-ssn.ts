import type { Recognizer } from '../types.js';

/** Ranges that the Social Security Administration never issues (areas 000, 666, 9xx; zero parts). */
function validateSsn(value: string): 'passed' | 'unconfirmed' | 'failed' {
  const digits = value.replace(/\D/g, '');
  if (/^(\d)\1+$/.test(digits)) return 'failed';
  const issued = /^(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}$/.test(digits);
  return issued ? 'passed' : 'unconfirmed';
}

export const usSsn: Recognizer = {
  name: 'us-ssn',
  type: 'US_SSN',
  patterns: [
    {
      name: 'dashed',
      regex: /(?<![\w\-.])\d{3}-\d{2}-\d{4}(?![\w]|-\d)/g,
      score: 0.6,
      passedScore: 0.85,
    },
    {
      name: 'spaced',
      regex: /(?<![\w\-.])(?<!\d )\d{3}([ .])\d{2}\1\d{4}(?![\w]|[-.]\d)/g,
      score: 0.35,
      passedScore: 0.6,
    },
    {
      name: 'bare',
      regex: /(?<![\w\-.$#])\d{9}(?![\w]|[-.]\d)/g,
      score: 0.5,
      passedScore: 0.6,
      needsContext: true,
    },
  ],
  validate: validateSsn,
  context: {
    words: [
      'ssn',
      'ssns',
      'social',
      'social security',
      'social security number',
      'soc sec',
      'taxpayer',
      'tax id',
      'tin',
      'itin',
      'ss#',
      'w-2',
      'w2',
    ],
    boost: 0.3,
  },
  matches: [
    ['SSN: 123-45-6789.', '123-45-6789'],
    ['social security number is 123 45 6789', '123 45 6789'],
    ['ITIN 912-70-1234', '912-70-1234'],
    ['ssn 123456789', '123456789'],
    ['078-05-1120', '078-05-1120'],
  ],
  rejects: [
    '123456789',
    '2024-01-1234',
    '123-456-7890',
    '1123-45-6789',
    '123-45-67890',
    'ISBN 978-12-3456-789',
  ],
};
