import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const SOUTH_AFRICA: readonly Recognizer[] = [
  checkedNumber({
    name: 'za-identity-number',
    type: 'NATIONAL_ID',
    number: ['ZA', 'idnr'],
    shape: String.raw`\d{6} ?\d{4} ?[01]\d{2}`,
    words: ['sa id', 'id number', 'identity number', 'south african id', 'id no'],
    matches: [
      ['Sa id: 9809216205091', '9809216205091'],
      ['sa id 710624 3349170, thank you', '710624 3349170'],
      ['{"sa id": "8105220728 025"}', '8105220728 025'],
    ],
    rejects: ['sa id follows', 'order 9809216205091 left', 'Sa id 12'],
  }),
];
