import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const BRAZIL: readonly Recognizer[] = [
  checkedNumber({
    name: 'br-cpf',
    type: 'NATIONAL_ID',
    number: ['BR', 'cpf'],
    shape: String.raw`\d{3}\.?\d{3}\.?\d{3}-?\d{2}`,
    words: ['cpf', 'cadastro de pessoa'],
    matches: [
      ['CPF: 654863.880-80', '654863.880-80'],
      ['cpf 928726.021-43, thank you', '928726.021-43'],
      ['{"cpf": "63878320809"}', '63878320809'],
    ],
    rejects: ['cpf follows', 'order 654863.880-80 left', 'CPF 12'],
  }),
  checkedNumber({
    name: 'br-cnpj',
    type: 'TAX_ID',
    number: ['BR', 'cnpj'],
    shape: String.raw`\d{2}\.?\d{3}\.?\d{3}/?\d{4}-?\d{2}`,
    words: ['cnpj'],
    matches: [
      ['CNPJ: 84.851.8367749-69', '84.851.8367749-69'],
      ['cnpj 17650.2824725-06, thank you', '17650.2824725-06'],
      ['{"cnpj": "94531.401/559593"}', '94531.401/559593'],
    ],
    rejects: ['cnpj follows', 'order 84.851.8367749-69 left', 'CNPJ 12'],
  }),
];
