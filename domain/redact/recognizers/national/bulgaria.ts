import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const BULGARIA: readonly Recognizer[] = [
  checkedNumber({
    name: 'bg-egn',
    type: 'NATIONAL_ID',
    number: ['BG', 'egn'],
    shape: String.raw`\d{10}`,
    words: ['egn', 'егн', 'единен граждански'],
    matches: [
      ['EGN: 7718136004', '7718136004'],
      ['egn 7381269125, thank you', '7381269125'],
      ['{"egn": "6191597689"}', '6191597689'],
    ],
    rejects: ['egn follows', 'order 7718136004 left', 'EGN 12'],
  }),
];
