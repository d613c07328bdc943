import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const NETHERLANDS: readonly Recognizer[] = [
  checkedNumber({
    name: 'nl-bsn',
    type: 'NATIONAL_ID',
    number: ['NL', 'bsn'],
    shape: String.raw`\d{4}[. ]?\d{2}[. ]?\d{3}|\d{9}`,
    words: ['bsn', 'burgerservicenummer', 'sofinummer', 'sofi', 'citizen service'],
    matches: [
      ['BSN: 7130 77104', '7130 77104'],
      ['bsn 736472903, thank you', '736472903'],
      ['{"bsn": "289188477"}', '289188477'],
    ],
    rejects: ['bsn follows', 'order 7130 77104 left', 'BSN 12'],
  }),
];
