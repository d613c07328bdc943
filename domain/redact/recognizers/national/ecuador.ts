import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const ECUADOR: readonly Recognizer[] = [
  checkedNumber({
    name: 'ec-identity-card',
    type: 'NATIONAL_ID',
    number: ['EC', 'ci'],
    shape: String.raw`\d{9}-?\d`,
    words: ['cédula', 'cedula'],
    matches: [
      ['Cédula: 0319874749', '0319874749'],
      ['cédula 096637332-6, thank you', '096637332-6'],
      ['{"cédula": "141529701-7"}', '141529701-7'],
    ],
    rejects: ['cédula follows', 'order 0319874749 left', 'Cédula 12'],
  }),
];
