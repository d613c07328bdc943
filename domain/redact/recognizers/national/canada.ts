import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const CANADA: readonly Recognizer[] = [
  checkedNumber({
    name: 'ca-social-insurance',
    type: 'NATIONAL_ID',
    number: ['CA', 'sin'],
    shape: String.raw`\d{3}[ -]?\d{3}[ -]?\d{3}`,
    words: ['sin', 'social insurance', "numéro d'assurance sociale", 'nas'],
    matches: [
      ['SIN: 582601 456', '582601 456'],
      ['sin 461 923591, thank you', '461 923591'],
      ['{"sin": "096505-177"}', '096505-177'],
    ],
    rejects: ['sin follows', 'order 582601 456 left', 'SIN 12'],
  }),
];
