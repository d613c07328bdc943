import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const IRELAND: readonly Recognizer[] = [
  checkedNumber({
    name: 'ie-pps',
    type: 'NATIONAL_ID',
    number: ['IE', 'pps'],
    shape: String.raw`\d{7}[A-W][A-IW]?`,
    words: ['pps', 'ppsn', 'pps no', 'personal public service'],
    distinct: true,
    matches: [
      ['PPS: 9402873HW', '9402873HW'],
      ['pps 0515222AA, thank you', '0515222AA'],
      ['{"pps": "3428908R"}', '3428908R'],
    ],
    rejects: ['pps follows', 'order 1733700S left', 'PPS 12'],
  }),
];
