import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

export const GERMANY: readonly Recognizer[] = [
  checkedNumber({
    name: 'de-tax-id',
    type: 'TAX_ID',
    number: ['DE', 'idnr'],
    shape: String.raw`\d{2} ?\d{3} ?\d{3} ?\d{3}`,
    words: [
      'steuer id',
      'steuer-id',
      'steueridentifikationsnummer',
      'steuerliche identifikationsnummer',
      'identifikationsnummer',
      'idnr',
      'tin',
      'tax id',
      'steuernummer',
    ],
    matches: [
      ['Steuer id: 12 717 125 125', '12 717 125 125'],
      ['steuer id 53829708 187, thank you', '53829708 187'],
      ['{"steuer id": "93 530841 672"}', '93 530841 672'],
    ],
    rejects: ['steuer id follows', 'order 12 717 125 125 left', 'Steuer id 12'],
  }),
  checkedNumber({
    name: 'de-social-insurance',
    type: 'NATIONAL_ID',
    number: ['DE', 'svnr'],
    shape: String.raw`\d{2} ?\d{6} ?[A-Z] ?\d{3}`,
    words: [
      'sozialversicherungsnummer',
      'rentenversicherungsnummer',
      'versicherungsnummer',
      'sv-nummer',
      'svnr',
      'sozialversicherung',
      'rvnr',
      'social insurance',
    ],
    distinct: true,
    matches: [
      ['Sozialversicherungsnummer: 72210506 F979', '72210506 F979'],
      ['sozialversicherungsnummer 51 261075T157, thank you', '51 261075T157'],
      ['{"sozialversicherungsnummer": "29 010893 H858"}', '29 010893 H858'],
    ],
    rejects: [
      'sozialversicherungsnummer follows',
      'order 03021007 P 843 left',
      'Sozialversicherungsnummer 12',
    ],
  }),
  checkedNumber({
    name: 'de-tax-number',
    type: 'TAX_ID',
    number: ['DE', 'stnr'],
    shape: String.raw`\d{2,3}[ /]\d{3}[ /]\d{5}`,
    words: ['steuernummer', 'st.-nr', 'stnr', 'finanzamt'],
    matches: [
      ['Steuernummer: 022 258/26522', '022 258/26522'],
      ['steuernummer 00/196/20988, thank you', '00/196/20988'],
      ['{"steuernummer": "455/234 23329"}', '455/234 23329'],
    ],
    rejects: ['steuernummer follows', 'order 022 258/26522 left', 'Steuernummer 12'],
  }),
];
