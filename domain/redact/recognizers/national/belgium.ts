import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const BELGIUM: readonly Recognizer[] = [
  checkedNumber({
    name: 'be-national-number',
    type: 'NATIONAL_ID',
    number: ['BE', 'nn'],
    shape: String.raw`\d{2}[. ]?\d{2}[. ]?\d{2}[- ]?\d{3}[. ]?\d{2}`,
    words: [
      'rijksregisternummer',
      'rijksregister',
      'registre national',
      'numéro national',
      'national number',
      'insz',
      'niss',
      'nrn',
    ],
    matches: [
      ['Rijksregisternummer: 790131-692.44', '790131-692.44'],
      ['rijksregisternummer 47.06 18-406 83, thank you', '47.06 18-406 83'],
      ['{"rijksregisternummer": "48 08 29-631.48"}', '48 08 29-631.48'],
    ],
    rejects: ['rijksregisternummer follows', 'order 790131-692.44 left', 'Rijksregisternummer 12'],
  }),
];
