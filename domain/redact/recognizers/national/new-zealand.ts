import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const NEW_ZEALAND: readonly Recognizer[] = [
  checkedNumber({
    name: 'nz-ird',
    type: 'TAX_ID',
    number: ['NZ', 'ird'],
    shape: String.raw`\d{2,3}[- ]?\d{3}[- ]?\d{3}`,
    words: ['ird', 'ird number', 'inland revenue'],
    matches: [
      ['IRD: 686-325091', '686-325091'],
      ['ird 36 713-488, thank you', '36 713-488'],
      ['{"ird": "886198-183"}', '886198-183'],
    ],
    rejects: ['ird follows', 'order 686-325091 left', 'IRD 12'],
  }),
];
