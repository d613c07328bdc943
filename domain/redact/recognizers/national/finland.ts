import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const FINLAND: readonly Recognizer[] = [
  checkedNumber({
    name: 'fi-personal-identity-code',
    type: 'NATIONAL_ID',
    number: ['FI', 'hetu'],
    shape: String.raw`\d{6}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]`,
    words: ['henkilötunnus', 'hetu', 'henkilotunnus', 'personal identity'],
    distinct: true,
    matches: [
      ['Henkilötunnus: 050880X716D', '050880X716D'],
      ['henkilötunnus 171138+4516, thank you', '171138+4516'],
      ['{"henkilötunnus": "300913E433X"}', '300913E433X'],
    ],
    rejects: ['henkilötunnus follows', 'order 566419E8491 left', 'Henkilötunnus 12'],
  }),
];
