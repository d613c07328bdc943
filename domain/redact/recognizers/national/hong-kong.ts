import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const HONG_KONG: readonly Recognizer[] = [
  checkedNumber({
    name: 'hk-identity-card',
    type: 'NATIONAL_ID',
    number: ['HK', 'hkid'],
    shape: String.raw`[A-Z]{1,2}\d{6}\(?[0-9A]\)?`,
    words: ['hkid', 'hong kong identity', 'hong kong id', 'identity card', '身份證'],
    matches: [
      ['HKID: Y746146(A', 'Y746146(A'],
      ['hkid N154014(7, thank you', 'N154014(7'],
      ['{"hkid": "MS4089959)"}', 'MS4089959)'],
    ],
    rejects: ['hkid follows', 'order Y746146(A left', 'HKID 12'],
  }),
];
