import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const SINGAPORE: readonly Recognizer[] = [
  checkedNumber({
    name: 'sg-uen',
    type: 'TAX_ID',
    number: ['SG', 'uen'],
    shape: String.raw`\d{8,9}[A-Z]|[RST]\d{2}[A-Z]{2}\d{4}[A-Z]`,
    words: ['uen', 'unique entity', 'acra', 'company'],
    matches: [
      ['UEN: 663254236K', '663254236K'],
      ['uen 772491057Z, thank you', '772491057Z'],
      ['{"uen": "672613111D"}', '672613111D'],
    ],
    rejects: ['uen follows', 'order 663254236K left', 'UEN 12'],
  }),
];
