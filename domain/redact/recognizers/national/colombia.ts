import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const COLOMBIA: readonly Recognizer[] = [
  checkedNumber({
    name: 'co-nit',
    type: 'TAX_ID',
    number: ['CO', 'nit'],
    shape: String.raw`\d{3}\.?\d{3}\.?\d{3}-?\d`,
    words: ['nit', 'tributaria'],
    matches: [
      ['NIT: 023.038215-5', '023.038215-5'],
      ['nit 900601.341-0, thank you', '900601.341-0'],
      ['{"nit": "353.603.2156"}', '353.603.2156'],
    ],
    rejects: ['nit follows', 'order 023.038215-5 left', 'NIT 12'],
  }),
];
