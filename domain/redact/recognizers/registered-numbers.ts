import {
  isAbaRouting,
  isAustralianMedicare,
  isDea,
  isMyNumber,
  isNhs,
  isNpi,
  isNric,
} from './check-digits.js';
import { checkedNumber } from './checked-number.js';
import type { Recognizer } from '../types.js';

/** Numbers with check digits that stdnum does not know. */
export const REGISTERED_NUMBERS: readonly Recognizer[] = [
  checkedNumber({
    name: 'us-npi',
    type: 'LICENSE_NUMBER',
    number: isNpi,
    shape: String.raw`[12]\d{9}`,
    words: [
      'npi',
      'provider identifier',
      'national provider',
      'rendering provider',
      'attending provider',
    ],
    charsBefore: 80,
    matches: [
      [
        'the NPI of Dr. Amsel is 2789782713, that of the clinic where she works 2764556421',
        '2789782713',
        '2764556421',
      ],
      ['NPI: 2789782713', '2789782713'],
      ['npi 2764556421, thank you', '2764556421'],
      ['{"npi": "2105676474"}', '2105676474'],
    ],
    rejects: ['npi follows', 'order 2789782713 left', 'NPI 12'],
  }),
  checkedNumber({
    name: 'us-dea',
    type: 'LICENSE_NUMBER',
    number: isDea,
    shape: String.raw`[ABCDEFGHJKLMPRSTUX][A-Z9]\d{7}`,
    words: ['dea', 'dea number', 'prescriber'],
    distinct: true,
    matches: [
      ['DEA: HH9264817', 'HH9264817'],
      ['dea GX4222282, thank you', 'GX4222282'],
      ['{"dea": "BE0320349"}', 'BE0320349'],
    ],
    rejects: ['dea follows', 'order CS3550917 left', 'DEA 12'],
  }),
  checkedNumber({
    name: 'us-routing-number',
    type: 'BANK_CODE',
    number: isAbaRouting,
    shape: String.raw`\d{9}|\d{4}-\d{4}-\d`,
    words: ['routing', 'aba', 'aba routing', 'bank routing', 'rtn', 'transit'],
    matches: [
      ['Routing: 2249-4185-1', '2249-4185-1'],
      ['routing 215415985, thank you', '215415985'],
      ['{"routing": "622781396"}', '622781396'],
    ],
    rejects: ['routing follows', 'order 2249-4185-1 left', 'Routing 12'],
  }),
  checkedNumber({
    name: 'uk-nhs',
    type: 'HEALTH_ID',
    number: isNhs,
    shape: String.raw`\d{3}[ -]?\d{3}[ -]?\d{4}`,
    words: ['nhs', 'nhs number', 'health service'],
    matches: [
      ['NHS: 0144614200', '0144614200'],
      ['nhs 321-507-1983, thank you', '321-507-1983'],
      ['{"nhs": "790-326-4087"}', '790-326-4087'],
    ],
    rejects: ['nhs follows', 'order 0144614200 left', 'NHS 12'],
  }),
  checkedNumber({
    name: 'au-medicare',
    type: 'HEALTH_ID',
    number: isAustralianMedicare,
    shape: String.raw`[2-6]\d{3}[ -]?\d{5}[ -]?\d(?:[ /-]?\d)?`,
    words: ['medicare', 'medicare card'],
    matches: [
      ['Medicare: 6471-37189 4-6', '6471-37189 4-6'],
      ['medicare 5745 52684 6, thank you', '5745 52684 6'],
      ['{"medicare": "56047826896"}', '56047826896'],
    ],
    rejects: ['medicare follows', 'order 6471-37189 4-6 left', 'Medicare 12'],
  }),
  checkedNumber({
    name: 'sg-nric',
    type: 'NATIONAL_ID',
    number: isNric,
    shape: String.raw`[STFGM]\d{7}[A-Z]`,
    words: ['nric', 'fin', 'identity card', 'ic no'],
    distinct: true,
    matches: [
      ['NRIC: M4641761L', 'M4641761L'],
      ['nric M0778035X, thank you', 'M0778035X'],
      ['{"nric": "M8128052L"}', 'M8128052L'],
    ],
    rejects: ['nric follows', 'order G3541578N left', 'NRIC 12'],
  }),
  checkedNumber({
    name: 'jp-my-number',
    type: 'NATIONAL_ID',
    number: isMyNumber,
    shape: String.raw`\d{4}[ -]?\d{4}[ -]?\d{4}`,
    words: ['my number', 'マイナンバー', '個人番号', 'individual number'],
    matches: [
      ['My number: 2324 6621-3380', '2324 6621-3380'],
      ['my number 80235196 5621, thank you', '80235196 5621'],
      ['{"my number": "8744 82446612"}', '8744 82446612'],
    ],
    rejects: ['my number follows', 'order 2324 6621-3380 left', 'My number 12'],
  }),
];
