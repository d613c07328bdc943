import type { Recognizer } from '../types.js';
import { besideLabel } from './labelled.js';

export const usPassport: Recognizer = {
  name: 'us-passport',
  type: 'US_PASSPORT',
  patterns: [
    ...besideLabel(
      [
        'passport',
        'passports',
        'passport card',
        'us passport',
        'american passport',
        'amerikanischer reisepass',
        'pasaporte estadounidense',
      ],
      // Nine digits, of late with a letter in place of the first; eight and a letter as others write it.
      String.raw`\d{3} \d{3} \d{3}|\d{9}|[A-Z]\d{7,8}`,
      { score: 0.92 },
    ),
    // The document of a passenger as airlines send it.
    {
      name: 'travel-document',
      anchor: 'number',
      regex: /(?<=(?<!\w)P\/USA\/)[A-Z]?\d{8,9}(?=\/)/g,
      score: 0.97,
    },
  ],
  matches: [
    ['passport number: 482913770', '482913770'],
    ['Passport No. C1234567', 'C1234567'],
    ['my passport is X12345678', 'X12345678'],
    ['DOCS P/USA/630624005/USA/14JUN80/M', '630624005'],
  ],
  rejects: ['passport renewal in 2024', 'passport office', 'C1234567', 'passport fee 130'],
};
