import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const UNITED_STATES: readonly Recognizer[] = [
  checkedNumber({
    name: 'us-ein',
    type: 'TAX_ID',
    number: ['US', 'ein'],
    shape: String.raw`\d{2}-?\d{7}`,
    words: ['ein', 'employer identification', 'fein', 'federal tax id', 'tax id'],
    matches: [
      ['EIN: 48-0798498', '48-0798498'],
      ['ein 248677640, thank you', '248677640'],
      ['{"ein": "716932068"}', '716932068'],
    ],
    rejects: ['ein follows', 'order 48-0798498 left', 'EIN 12'],
  }),
];
