import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const CROATIA: readonly Recognizer[] = [
  checkedNumber({
    name: 'hr-oib',
    type: 'NATIONAL_ID',
    number: ['HR', 'oib'],
    shape: String.raw`\d{11}`,
    words: ['oib', 'osobni identifikacijski'],
    matches: [
      ['OIB: 46916945867', '46916945867'],
      ['oib 51805696175, thank you', '51805696175'],
      ['{"oib": "23168112135"}', '23168112135'],
    ],
    rejects: ['oib follows', 'order 46916945867 left', 'OIB 12'],
  }),
];
