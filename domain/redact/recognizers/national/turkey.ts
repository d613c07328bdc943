import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const TURKEY: readonly Recognizer[] = [
  checkedNumber({
    name: 'tr-identity-number',
    type: 'NATIONAL_ID',
    number: ['TR', 'tckimlik'],
    shape: String.raw`[1-9]\d{10}`,
    words: ['kimlik', 't.c. kimlik', 'tc kimlik', 'tckn', 'kimlik no'],
    matches: [
      ['Kimlik: 29858572590', '29858572590'],
      ['kimlik 87707443156, thank you', '87707443156'],
      ['{"kimlik": "89272345606"}', '89272345606'],
    ],
    rejects: ['kimlik follows', 'order 29858572590 left', 'Kimlik 12'],
  }),
];
