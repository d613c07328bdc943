import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const AUSTRALIA: readonly Recognizer[] = [
  checkedNumber({
    name: 'au-abn',
    type: 'TAX_ID',
    number: ['AU', 'abn'],
    shape: String.raw`\d{2} ?\d{3} ?\d{3} ?\d{3}`,
    words: ['abn', 'australian business number'],
    matches: [
      ['ABN: 66 830 941101', '66 830 941101'],
      ['abn 85 276573 805, thank you', '85 276573 805'],
      ['{"abn": "20 324626 838"}', '20 324626 838'],
    ],
    rejects: ['abn follows', 'order 66 830 941101 left', 'ABN 12'],
  }),
  checkedNumber({
    name: 'au-acn',
    type: 'TAX_ID',
    number: ['AU', 'acn'],
    shape: String.raw`\d{3} ?\d{3} ?\d{3}`,
    words: ['acn', 'australian company number'],
    matches: [
      ['ACN: 497 889 522', '497 889 522'],
      ['acn 251 893722, thank you', '251 893722'],
      ['{"acn": "896585 489"}', '896585 489'],
    ],
    rejects: ['acn follows', 'order 497 889 522 left', 'ACN 12'],
  }),
  checkedNumber({
    name: 'au-tfn',
    type: 'TAX_ID',
    number: ['AU', 'tfn'],
    shape: String.raw`\d{3} ?\d{3} ?\d{2,3}`,
    words: ['tfn', 'tax file number', 'tax file'],
    matches: [
      ['TFN: 795868 59', '795868 59'],
      ['tfn 089 42878, thank you', '089 42878'],
      ['{"tfn": "366 84067"}', '366 84067'],
    ],
    rejects: ['tfn follows', 'order 795868 59 left', 'TFN 12'],
  }),
];
