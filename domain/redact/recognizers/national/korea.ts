import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const KOREA: readonly Recognizer[] = [
  checkedNumber({
    name: 'kr-resident-number',
    type: 'NATIONAL_ID',
    number: ['KR', 'rrn'],
    shape: String.raw`\d{6}-?[1-8]\d{6}`,
    words: ['주민등록번호', '주민번호', 'rrn', 'resident registration'],
    distinct: true,
    matches: [
      ['주민등록번호: 0111065672750', '0111065672750'],
      ['주민등록번호 120216-5129312, thank you', '120216-5129312'],
      ['{"주민등록번호": "1010053704248"}', '1010053704248'],
    ],
    rejects: ['주민등록번호 follows', 'order 223610-3368449 left', '주민등록번호 12'],
  }),
];
