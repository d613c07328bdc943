import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const PORTUGAL: readonly Recognizer[] = [
  checkedNumber({
    name: 'pt-nif',
    type: 'TAX_ID',
    number: ['PT', 'nif'],
    shape: String.raw`[1-35689]\d{2} ?\d{3} ?\d{3}`,
    words: ['nif', 'contribuinte', 'nipc', 'fiscal'],
    matches: [
      ['NIF: 113 007353', '113 007353'],
      ['nif 318 541 157, thank you', '318 541 157'],
      ['{"nif": "517665 506"}', '517665 506'],
    ],
    rejects: ['nif follows', 'order 113 007353 left', 'NIF 12'],
  }),
  checkedNumber({
    name: 'pt-citizen-card',
    type: 'NATIONAL_ID',
    number: ['PT', 'cc'],
    shape: String.raw`\d{8} ?\d ?[A-Z0-9]{2}\d`,
    words: ['cartão de cidadão', 'cartao de cidadao', 'cidadão', 'citizen card'],
    matches: [
      ['Cartão de cidadão: 14063029 0BC3', '14063029 0BC3'],
      ['cartão de cidadão 706701358PM6, thank you', '706701358PM6'],
      ['{"cartão de cidadão": "801494274989"}', '801494274989'],
    ],
    rejects: ['cartão de cidadão follows', 'order 14063029 0BC3 left', 'Cartão de cidadão 12'],
  }),
];
