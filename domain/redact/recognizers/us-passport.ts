import type { Recognizer } from '../types.js';

export const usPassport: Recognizer = {
  name: 'us-passport',
  type: 'US_PASSPORT',
  patterns: [
    {
      name: 'after-cue',
      anchor: ['passport', 'passports'],
      regex:
        /(?<![\w])passports?(?:[ -]{0,2}(?:number|no|num|id|nr)\b\.?)?["')]{0,2}[ \t]{0,2}(?:[:=#(]|is|was)?[ \t#"'(]{0,3}(?<value>[A-Z]{0,2}\d{6,9}[A-Z]?)(?!\w)/gi,
      score: 0.92,
    },
  ],
  matches: [
    ['passport number: 482913770', '482913770'],
    ['Passport No. C1234567', 'C1234567'],
    ['my passport is X12345678', 'X12345678'],
  ],
  rejects: ['passport renewal in 2024', 'passport office', 'C1234567', 'passport fee 130'],
};
