import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const AUSTRIA: readonly Recognizer[] = [
  checkedNumber({
    name: 'at-social-insurance',
    type: 'NATIONAL_ID',
    number: ['AT', 'vnr'],
    shape: String.raw`\d{4} ?\d{6}`,
    words: ['sozialversicherungsnummer', 'sv-nummer', 'svnr', 'versicherungsnummer', 'vsnr'],
    matches: [
      ['Sozialversicherungsnummer: 5442 110947', '5442 110947'],
      ['sozialversicherungsnummer 4371 080802, thank you', '4371 080802'],
      ['{"sozialversicherungsnummer": "6008240524"}', '6008240524'],
    ],
    rejects: [
      'sozialversicherungsnummer follows',
      'order 5442 110947 left',
      'Sozialversicherungsnummer 12',
    ],
  }),
];
