import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const ICELAND: readonly Recognizer[] = [
  checkedNumber({
    name: 'is-kennitala',
    type: 'NATIONAL_ID',
    number: ['IS', 'kennitala'],
    shape: String.raw`\d{6}-?\d{4}`,
    words: ['kennitala', 'kt'],
    matches: [
      ['Kennitala: 590262-7654', '590262-7654'],
      ['kennitala 1608836182, thank you', '1608836182'],
      ['{"kennitala": "480748-5819"}', '480748-5819'],
    ],
    rejects: ['kennitala follows', 'order 590262-7654 left', 'Kennitala 12'],
  }),
];
