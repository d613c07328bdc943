import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const CHILE: readonly Recognizer[] = [
  checkedNumber({
    name: 'cl-rut',
    type: 'NATIONAL_ID',
    number: ['CL', 'rut'],
    shape: String.raw`\d{1,2}\.?\d{3}\.?\d{3}-[0-9K]`,
    words: ['rut', 'run', 'rol unico', 'rol único'],
    distinct: true,
    matches: [
      ['RUT: 51127519-9', '51127519-9'],
      ['rut 18607.710-5, thank you', '18607.710-5'],
      ['{"rut": "40.736194-6"}', '40.736194-6'],
    ],
    rejects: ['rut follows', 'order 61157094-8 left', 'RUT 12'],
  }),
];
