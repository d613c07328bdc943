import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const ITALY: readonly Recognizer[] = [
  checkedNumber({
    name: 'it-codice-fiscale',
    type: 'NATIONAL_ID',
    number: ['IT', 'codicefiscale'],
    shape: String.raw`[A-Z]{6}[0-9LMNP-V]{2}[A-EHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]`,
    words: ['codice fiscale', 'fiscale', 'c.f.', 'cf', 'tax code', 'fiscal code'],
    distinct: true,
    matches: [
      ['Codice fiscale: FXDKUDTMS83LN60H', 'FXDKUDTMS83LN60H'],
      ['codice fiscale LXDNPZ40E23CR99M, thank you', 'LXDNPZ40E23CR99M'],
      ['{"codice fiscale": "MPFGPD0VS8RGRSTY"}', 'MPFGPD0VS8RGRSTY'],
    ],
    rejects: ['codice fiscale follows', 'order PXXHSRT0L4TGS09C left', 'Codice fiscale 12'],
  }),
  checkedNumber({
    name: 'it-partita-iva',
    type: 'TAX_ID',
    number: ['IT', 'iva'],
    shape: String.raw`(?:IT ?)?\d{11}`,
    words: ['partita iva', 'p.iva', 'p. iva', 'iva', 'vat'],
    matches: [
      ['Partita iva: 62474321213', '62474321213'],
      ['partita iva IT02329950055, thank you', 'IT02329950055'],
      ['{"partita iva": "10143060126"}', '10143060126'],
    ],
    rejects: ['partita iva follows', 'order 62474321213 left', 'Partita iva 12'],
  }),
];
