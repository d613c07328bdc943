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
    {
      // `United States passport, number 488203917`, `the passport, also American, was 033172856`.
      name: 'country-named',
      anchor: 'number',
      regex:
        /(?<=(?<![\p{L}.])(?:(?:American|United States|U\.?S\.?(?:A\.?)?) passports?(?:,? (?:number|no\.?|nr\.?|is|was)){0,2},? (?:number |no\.? )?|[Pp]assport,? (?:(?:also|too|an?|which is|it is) ){0,2}(?:American|United States|U\.?S\.?(?:A\.?)?),? (?:(?:number|no\.?|is|was) ){0,2}))(?:\d{9}|[A-Z]\d{8}|\d{3} \d{3} \d{3})(?![\p{L}\p{N}])/gu,
      score: 0.97,
    },
    {
      // A list of several: `passports: 448291733 (US), ...`.
      name: 'of-list',
      anchor: 'number',
      regex:
        /(?<=(?<!\p{L})[Pp]assports(?!\p{L})[^\n]{0,160}[\s–:,-])(?:\d{9}|[A-Z]\d{8})(?= \((?:the )?(?:USA?|U\.S\.|American|United States)(?!\p{L}))/gu,
      score: 0.97,
    },
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
    ['by a United States passport, number 488203917.', '488203917'],
    ["The mother's passport, also American, was 033172856.", '033172856'],
    ['on an American passport, A86177782.', 'A86177782'],
    ['passports for the trip: Kelsey A05927821 (US one), Jo', 'A05927821'],
    ['DOCS P/USA/630624005/USA/14JUN80/M', '630624005'],
  ],
  rejects: ['passport renewal in 2024', 'passport office', 'C1234567', 'passport fee 130'],
};
