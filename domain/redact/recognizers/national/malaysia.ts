import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const MALAYSIA: readonly Recognizer[] = [
  checkedNumber({
    name: 'my-nric',
    type: 'NATIONAL_ID',
    number: ['MY', 'nric'],
    shape: String.raw`\d{6}-?\d{2}-?\d{4}`,
    words: ['nric', 'mykad', 'ic number', 'kad pengenalan'],
    matches: [
      ['NRIC: 191016275121', '191016275121'],
      ['nric 110212260096, thank you', '110212260096'],
      ['{"nric": "420710-23-9293"}', '420710-23-9293'],
    ],
    rejects: ['nric follows', 'order 191016275121 left', 'NRIC 12'],
  }),
];
