import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const PAKISTAN: readonly Recognizer[] = [
  checkedNumber({
    name: 'pk-cnic',
    type: 'NATIONAL_ID',
    number: ['PK', 'cnic'],
    shape: String.raw`\d{5}-?\d{7}-?\d`,
    words: ['cnic', 'nadra', 'identity card'],
    matches: [
      ['CNIC: 14709-6956969-3', '14709-6956969-3'],
      ['cnic 7144808027671, thank you', '7144808027671'],
      ['{"cnic": "68121-17959879"}', '68121-17959879'],
    ],
    rejects: ['cnic follows', 'order 14709-6956969-3 left', 'CNIC 12'],
  }),
];
