import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const GREECE: readonly Recognizer[] = [
  checkedNumber({
    name: 'gr-amka',
    type: 'NATIONAL_ID',
    number: ['GR', 'amka'],
    shape: String.raw`\d{11}`,
    words: ['amka', 'αμκα', 'α.μ.κ.α'],
    matches: [
      ['AMKA: 13096190213', '13096190213'],
      ['amka 11116810497, thank you', '11116810497'],
      ['{"amka": "05057625807"}', '05057625807'],
    ],
    rejects: ['amka follows', 'order 13096190213 left', 'AMKA 12'],
  }),
  checkedNumber({
    name: 'gr-afm',
    type: 'TAX_ID',
    number: ['GR', 'vat'],
    shape: String.raw`\d{9}`,
    words: ['afm', 'αφμ', 'α.φ.μ', 'vat'],
    matches: [
      ['AFM: 047917269', '047917269'],
      ['afm 846794301, thank you', '846794301'],
      ['{"afm": "907789069"}', '907789069'],
    ],
    rejects: ['afm follows', 'order 047917269 left', 'AFM 12'],
  }),
];
