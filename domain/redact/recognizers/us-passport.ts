import type { Recognizer } from '../types.js';
import { besideLabel } from './labelled.js';

export const usPassport: Recognizer = {
  name: 'us-passport',
  type: 'US_PASSPORT',
  patterns: [
    ...besideLabel(
      ['passport', 'passports', 'us passport', 'american passport'],
      String.raw`[A-Z]{0,2}\d{6,9}[A-Z]?`,
      { score: 0.92 },
    ),
  ],
  matches: [
    ['passport number: 482913770', '482913770'],
    ['Passport No. C1234567', 'C1234567'],
    ['my passport is X12345678', 'X12345678'],
  ],
  rejects: ['passport renewal in 2024', 'passport office', 'C1234567', 'passport fee 130'],
};
