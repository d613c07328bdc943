import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const ARGENTINA: readonly Recognizer[] = [
  checkedNumber({
    name: 'ar-dni',
    type: 'NATIONAL_ID',
    number: ['AR', 'dni'],
    shape: String.raw`\d{1,2}\.?\d{3}\.?\d{3}`,
    words: ['dni', 'documento'],
    matches: [
      ['DNI: 3.707.580', '3.707.580'],
      ['dni 5.469.143, thank you', '5.469.143'],
      ['{"dni": "5.474057"}', '5.474057'],
    ],
    rejects: ['dni follows', 'order 3.707.580 left', 'DNI 12'],
  }),
  checkedNumber({
    name: 'ar-cuit',
    type: 'TAX_ID',
    number: ['AR', 'cuit'],
    shape: String.raw`(?:20|2[3-7]|3[034])-?\d{8}-?\d`,
    words: ['cuit', 'cuil'],
    matches: [
      ['CUIT: 24807185272', '24807185272'],
      ['cuit 20-606196858, thank you', '20-606196858'],
      ['{"cuit": "33699495799"}', '33699495799'],
    ],
    rejects: ['cuit follows', 'order 24807185272 left', 'CUIT 12'],
  }),
];
