import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const CHINA: readonly Recognizer[] = [
  checkedNumber({
    name: 'cn-resident-id',
    type: 'NATIONAL_ID',
    number: ['CN', 'ric'],
    shape: String.raw`\d{6}(?:18|19|20)\d{2}[01]\d[0-3]\d{4}[0-9X]`,
    words: ['身份证', '居民身份证', 'id card', 'resident identity'],
    distinct: true,
    matches: [
      ['身份证: 853521199901249323', '853521199901249323'],
      ['身份证 722579193905075292, thank you', '722579193905075292'],
      ['{"身份证": "564352182706183415"}', '564352182706183415'],
    ],
    rejects: ['身份证 follows', 'order 97234220360507026X left', '身份证 12'],
  }),
];
