import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const UNITED_KINGDOM: readonly Recognizer[] = [
  checkedNumber({
    name: 'uk-national-insurance',
    type: 'NATIONAL_ID',
    number: ['GB', 'nino'],
    shape: String.raw`[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]`,
    labelledShape: String.raw`[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-Z]`,
    words: ['nino', 'national insurance', 'ni number', 'ni no', 'insurance number'],
    distinct: true,
    matches: [
      ['NINO: BL 01 7499 A', 'BL 01 7499 A'],
      ['nino NW 72 18 05 C, thank you', 'NW 72 18 05 C'],
      ['{"nino": "ZM290328D"}', 'ZM290328D'],
      ['NI number QQ123456C', 'QQ123456C'],
    ],
    rejects: ['nino follows', 'order GB 10 74 90 D left', 'NINO 12'],
  }),
  checkedNumber({
    name: 'uk-taxpayer-reference',
    type: 'TAX_ID',
    number: ['GB', 'utr'],
    shape: String.raw`\d{5} ?\d{5}`,
    words: ['utr', 'taxpayer reference', 'self assessment', 'unique taxpayer'],
    matches: [
      ['UTR: 88190 35522', '88190 35522'],
      ['utr 2843900342, thank you', '2843900342'],
      ['{"utr": "73685 85753"}', '73685 85753'],
    ],
    rejects: ['utr follows', 'order 88190 35522 left', 'UTR 12'],
  }),
];
