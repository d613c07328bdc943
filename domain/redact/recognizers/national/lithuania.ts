import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const LITHUANIA: readonly Recognizer[] = [
  checkedNumber({
    name: 'lt-personal-code',
    type: 'NATIONAL_ID',
    number: ['LT', 'asmens'],
    shape: String.raw`[3-6]\d{10}`,
    words: ['asmens kodas', 'personal code'],
    matches: [
      ['Asmens kodas: 38111015611', '38111015611'],
      ['asmens kodas 48712277726, thank you', '48712277726'],
      ['{"asmens kodas": "42012088642"}', '42012088642'],
    ],
    rejects: ['asmens kodas follows', 'order 38111015611 left', 'Asmens kodas 12'],
  }),
];
