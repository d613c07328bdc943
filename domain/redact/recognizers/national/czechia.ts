import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const CZECHIA: readonly Recognizer[] = [
  checkedNumber({
    name: 'cz-birth-number',
    type: 'NATIONAL_ID',
    number: ['CZ', 'rc'],
    shape: String.raw`\d{6}/?\d{3,4}`,
    words: ['rodné číslo', 'rodne cislo', 'rodné', 'rodného čísla', 'r.č', 'birth number'],
    matches: [
      ['Rodné číslo: 452910/658', '452910/658'],
      ['rodné číslo 967207252, thank you', '967207252'],
      ['{"rodné číslo": "862423580"}', '862423580'],
    ],
    rejects: ['rodné číslo follows', 'order 452910/658 left', 'Rodné číslo 12'],
  }),
];
