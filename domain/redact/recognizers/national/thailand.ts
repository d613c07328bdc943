import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const THAILAND: readonly Recognizer[] = [
  checkedNumber({
    name: 'th-identity-number',
    type: 'NATIONAL_ID',
    number: ['TH', 'idnr'],
    shape: String.raw`[1-8][ -]?\d{4}[ -]?\d{5}[ -]?\d{2}[ -]?\d`,
    words: [
      'thai id',
      'citizen id',
      'national id',
      'เลขบัตรประชาชน',
      'บัตรประชาชน',
      'identification',
    ],
    matches: [
      ['Thai id: 2-55942433477 1', '2-55942433477 1'],
      ['thai id 4-5688-0682786 1, thank you', '4-5688-0682786 1'],
      ['{"thai id": "1 29983574391 2"}', '1 29983574391 2'],
    ],
    rejects: ['thai id follows', 'order 2-55942433477 1 left', 'Thai id 12'],
  }),
];
