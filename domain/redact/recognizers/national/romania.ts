import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const ROMANIA: readonly Recognizer[] = [
  checkedNumber({
    name: 'ro-cnp',
    type: 'NATIONAL_ID',
    number: ['RO', 'cnp'],
    shape: String.raw`[1-8]\d{12}`,
    words: ['cnp', 'cod numeric personal', 'numeric personal'],
    matches: [
      ['CNP: 3700210373433', '3700210373433'],
      ['cnp 7880701148276, thank you', '7880701148276'],
      ['{"cnp": "4200107171836"}', '4200107171836'],
    ],
    rejects: ['cnp follows', 'order 3700210373433 left', 'CNP 12'],
  }),
];
