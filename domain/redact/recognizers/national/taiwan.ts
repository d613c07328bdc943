import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const TAIWAN: readonly Recognizer[] = [
  checkedNumber({
    name: 'tw-identity-number',
    type: 'NATIONAL_ID',
    number: ['TW', 'natid'],
    shape: String.raw`[A-Z][12]\d{8}`,
    words: ['身分證', 'national id', 'taiwan id', 'id number'],
    matches: [
      ['身分證: E207938666', 'E207938666'],
      ['身分證 U255808369, thank you', 'U255808369'],
      ['{"身分證": "W167852056"}', 'W167852056'],
    ],
    rejects: ['身分證 follows', 'order E207938666 left', '身分證 12'],
  }),
];
