import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const INDONESIA: readonly Recognizer[] = [
  checkedNumber({
    name: 'id-npwp',
    type: 'TAX_ID',
    number: ['ID', 'npwp'],
    shape: String.raw`\d{2}\.?\d{3}\.?\d{3}\.?\d-?\d{3}\.?\d{3}`,
    words: ['npwp', 'pajak'],
    matches: [
      ['NPWP: 07724785.6209403', '07724785.6209403'],
      ['npwp 02742.828.3-749.152, thank you', '02742.828.3-749.152'],
      ['{"npwp": "00.5530001-228.744"}', '00.5530001-228.744'],
    ],
    rejects: ['npwp follows', 'order 07724785.6209403 left', 'NPWP 12'],
  }),
];
