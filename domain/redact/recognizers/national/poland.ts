import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const POLAND: readonly Recognizer[] = [
  checkedNumber({
    name: 'pl-pesel',
    type: 'NATIONAL_ID',
    number: ['PL', 'pesel'],
    shape: String.raw`\d{11}`,
    words: ['pesel'],
    matches: [
      ['Pesel: 32102183167', '32102183167'],
      ['pesel 22850207507, thank you', '22850207507'],
      ['{"pesel": "39872023749"}', '39872023749'],
    ],
    rejects: ['pesel follows', 'order 32102183167 left', 'Pesel 12'],
  }),
  checkedNumber({
    name: 'pl-nip',
    type: 'TAX_ID',
    number: ['PL', 'nip'],
    shape: String.raw`\d{3}[- ]?\d{2,3}[- ]?\d{2}[- ]?\d{2,3}`,
    words: ['nip', 'podatkowy', 'vat'],
    matches: [
      ['NIP: 1232554528', '1232554528'],
      ['nip 418 0767069, thank you', '418 0767069'],
      ['{"nip": "702 4480133"}', '702 4480133'],
    ],
    rejects: ['nip follows', 'order 1232554528 left', 'NIP 12'],
  }),
  checkedNumber({
    name: 'pl-regon',
    type: 'TAX_ID',
    number: ['PL', 'regon'],
    shape: String.raw`\d{9}(?:\d{5})?`,
    words: ['regon'],
    matches: [
      ['Regon: 621157206', '621157206'],
      ['regon 866226736, thank you', '866226736'],
      ['{"regon": "135929903"}', '135929903'],
    ],
    rejects: ['regon follows', 'order 621157206 left', 'Regon 12'],
  }),
];
