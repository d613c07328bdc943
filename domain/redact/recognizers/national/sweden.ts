import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const SWEDEN: readonly Recognizer[] = [
  checkedNumber({
    name: 'se-personal-number',
    type: 'NATIONAL_ID',
    number: ['SE', 'personnummer'],
    shape: String.raw`(?:18|19|20)?\d{6}[-+]?\d{4}`,
    words: ['personnummer', 'personnr', 'samordningsnummer', 'personal identity', 'pnr'],
    distinct: true,
    matches: [
      ['Personnummer: 111111-2882', '111111-2882'],
      ['personnummer 650680-0967, thank you', '650680-0967'],
      ['{"personnummer": "190689-3480"}', '190689-3480'],
    ],
    rejects: ['personnummer follows', 'order 111111-2883 left', 'Personnummer 12'],
  }),
];
