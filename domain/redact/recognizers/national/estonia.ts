import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const ESTONIA: readonly Recognizer[] = [
  checkedNumber({
    name: 'ee-personal-code',
    type: 'NATIONAL_ID',
    number: ['EE', 'ik'],
    shape: String.raw`[1-6]\d{10}`,
    words: ['isikukood', 'personal code', 'ik'],
    matches: [
      ['Isikukood: 30416433586', '30416433586'],
      ['isikukood 19624141989, thank you', '19624141989'],
      ['{"isikukood": "60256538285"}', '60256538285'],
    ],
    rejects: ['isikukood follows', 'order 30416433586 left', 'Isikukood 12'],
  }),
];
