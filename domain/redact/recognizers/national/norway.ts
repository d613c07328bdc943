import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const NORWAY: readonly Recognizer[] = [
  checkedNumber({
    name: 'no-birth-number',
    type: 'NATIONAL_ID',
    number: ['NO', 'fodselsnummer'],
    shape: String.raw`\d{6} ?\d{5}`,
    words: [
      'fødselsnummer',
      'fodselsnummer',
      'fnr',
      'personnummer',
      'd-nummer',
      'national identity',
    ],
    matches: [
      ['Fødselsnummer: 635296 92937', '635296 92937'],
      ['fødselsnummer 67085761614, thank you', '67085761614'],
      ['{"fødselsnummer": "561002 57667"}', '561002 57667'],
    ],
    rejects: ['fødselsnummer follows', 'order 635296 92937 left', 'Fødselsnummer 12'],
  }),
];
