import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const DENMARK: readonly Recognizer[] = [
  checkedNumber({
    name: 'dk-cpr',
    type: 'NATIONAL_ID',
    number: ['DK', 'cpr'],
    shape: String.raw`\d{6}[- ]?\d{4}`,
    words: ['cpr', 'cpr-nr', 'personnummer', 'cpr-nummer'],
    matches: [
      ['CPR: 100173-4289', '100173-4289'],
      ['cpr 301122 0838, thank you', '301122 0838'],
      ['{"cpr": "291162 4862"}', '291162 4862'],
    ],
    rejects: ['cpr follows', 'order 100173-4289 left', 'CPR 12'],
  }),
];
