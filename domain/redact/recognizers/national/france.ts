import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const FRANCE: readonly Recognizer[] = [
  checkedNumber({
    name: 'fr-social-security',
    type: 'NATIONAL_ID',
    number: ['FR', 'nir'],
    shape: String.raw`[1278] ?\d{2} ?\d{2} ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}`,
    words: [
      'nir',
      'insee',
      'sécurité sociale',
      'securite sociale',
      'numéro de sécu',
      'sécu',
      'social security',
    ],
    distinct: true,
    matches: [
      ['NIR: 223 28 32 709500 61', '223 28 32 709500 61'],
      ['nir 205 3731 08320414, thank you', '205 3731 08320414'],
      ['{"nir": "1995010961 09770"}', '1995010961 09770'],
    ],
    rejects: ['nir follows', 'order 77183 45759 168 15 left', 'NIR 12'],
  }),
  checkedNumber({
    name: 'fr-tax-number',
    type: 'TAX_ID',
    number: ['FR', 'nif'],
    shape: String.raw`[0-3]\d(?: ?\d{2})(?: ?\d{3}){3}`,
    words: ['numéro fiscal', 'numero fiscal', 'spi', 'fiscal', 'impôts'],
    matches: [
      ['Numéro fiscal: 04 93712545186', '04 93712545186'],
      ['numéro fiscal 3061979 349 408, thank you', '3061979 349 408'],
      ['{"numéro fiscal": "0916743 308 110"}', '0916743 308 110'],
    ],
    rejects: ['numéro fiscal follows', 'order 04 93712545186 left', 'Numéro fiscal 12'],
  }),
  checkedNumber({
    name: 'fr-siret',
    type: 'TAX_ID',
    number: ['FR', 'siret'],
    shape: String.raw`\d{3} ?\d{3} ?\d{3} ?\d{5}`,
    words: ['siret'],
    matches: [
      ['Siret: 802781055 35731', '802781055 35731'],
      ['siret 510344 11604231, thank you', '510344 11604231'],
      ['{"siret": "206 622446 72856"}', '206 622446 72856'],
    ],
    rejects: ['siret follows', 'order 802781055 35731 left', 'Siret 12'],
  }),
  checkedNumber({
    name: 'fr-siren',
    type: 'TAX_ID',
    number: ['FR', 'siren'],
    shape: String.raw`\d{3} ?\d{3} ?\d{3}`,
    words: ['siren'],
    matches: [
      ['Siren: 326834 884', '326834 884'],
      ['siren 592173009, thank you', '592173009'],
      ['{"siren": "037312 428"}', '037312 428'],
    ],
    rejects: ['siren follows', 'order 326834 884 left', 'Siren 12'],
  }),
];
