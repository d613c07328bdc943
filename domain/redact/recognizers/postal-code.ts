import type { Recognizer } from '../types.js';
import { besideLabel } from './labelled.js';
import { POSTAL_CUES } from './postal-cues.js';
import { COUNTED, FLAT, HOUSE_NUMBER } from './street-before-number.js';
import { STREET_SUFFIX } from './street-suffix.js';

const STATES =
  'A[LKZR]|C[AOT]|D[CE]|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[TA]|W[AVIY]';

const STATE_NAMES = [
  ...'Alabama Alaska Arizona Arkansas California Colorado Connecticut Delaware Florida Georgia Hawaii Idaho Illinois Indiana Iowa Kansas Kentucky Louisiana Maine Maryland Massachusetts Michigan Minnesota Mississippi Missouri Montana Nebraska Nevada Ohio Oklahoma Oregon Pennsylvania Tennessee Texas Utah Vermont Virginia Washington Wisconsin Wyoming'.split(
    ' ',
  ),
  ...['New (?:Hampshire|Jersey|Mexico|York)', '(?:North|South) (?:Carolina|Dakota)'],
  'Rhode Island',
];

const INDIAN_STATES = [
  ...'Assam Bihar Chhattisgarh Delhi Goa Gujarat Haryana Jharkhand Karnataka Kerala Maharashtra Manipur Meghalaya Mizoram Nagaland Odisha Punjab Rajasthan Sikkim Telangana Tripura Uttarakhand'.split(
    ' ',
  ),
  ...['(?:Andhra|Arunachal|Himachal|Madhya|Uttar) Pradesh', 'Tamil Nadu', 'West Bengal'],
];

/** The letters that the names begin with, in lower case. */
const firstWordsOf = (names: readonly string[]): readonly string[] =>
  names
    .flatMap((name) =>
      name
        .toLowerCase()
        .replace(/^\(\?:|\).*$/g, '')
        .split('|'),
    )
    .map((name) => name.split(' ')[0] ?? '');

const CODE = String.raw`(?:\d{2}-\d{3}|\d{4}-\d{3}|\d{3} \d{2}|\d{5}|\d{4} [A-Z]{2})`;

export const postalCode: Recognizer = {
  name: 'postal-code',
  type: 'POSTAL_CODE',
  patterns: [
    {
      name: 'after-state',
      anchor: 'number',
      regex: new RegExp(
        String.raw`(?<=(?<![\w])(?:${STATES}),? {1,2})\d{5}(?:-\d{4})?(?![\w]|[-.]\d)`,
        'g',
      ),
      score: 0.9,
    },
    {
      name: 'after-state-name',
      anchor: firstWordsOf(STATE_NAMES),
      regex: new RegExp(
        String.raw`(?<![\w])(?:${STATE_NAMES.join('|')}),? {1,2}(?<value>\d{5}(?:-\d{4})?)(?![\w]|[-.]\d)`,
        'g',
      ),
      score: 0.85,
    },
    {
      name: 'after-indian-state',
      anchor: firstWordsOf(INDIAN_STATES),
      regex: new RegExp(
        String.raw`(?<![\w])(?:${INDIAN_STATES.join('|')}),?(?: | ?- ?)(?<value>\d{3} ?\d{3})(?![\w]|[-.]\d)`,
        'g',
      ),
      score: 0.85,
    },
    ...POSTAL_CUES,
    {
      name: 'japanese',
      anchor: 'number',
      regex: /(?<=〒 ?)\d{3}-?\d{4}(?!\d)/g,
      score: 0.95,
    },
    {
      name: 'japanese-behind-city',
      anchor: 'number',
      regex:
        /(?<=(?:Tokyo|Osaka|Kyoto|Yokohama|Nagoya|Sapporo|Fukuoka|Kobe|Sendai|Japan|-ken|-fu|-shi|-ku)(?:,? |,))\d{3}-\d{4}(?![\w-])/g,
      score: 0.85,
    },
    {
      name: 'australian',
      anchor: 'number',
      regex: /(?<=(?<![\w])(?:NSW|VIC|QLD|TAS|ACT),? {1,2})\d{4}(?![\w]|[-.]\d)/g,
      score: 0.8,
    },
    {
      name: 'irish',
      anchor: 'number',
      regex:
        /(?<![\w-])[AC-FHKNPRTV-Y](?:\d\d|6W) (?=[A-Z\d]{0,3}\d)(?=[A-Z\d]{0,3}[A-Z])[AC-FHKNPRTV-Y\d]{4}(?![\w-])/g,
      score: 0.65,
    },
    {
      name: 'before-city',
      anchor: 'number',
      // What follows is read first: few numbers have a city behind them.
      regex: new RegExp(
        String.raw`(?=${CODE} \p{Lu}\p{L})(?<=(?<![\p{L}\p{N}])(?!${COUNTED})\p{L}[\p{L}.’'-]{1,24}(?: ${HOUSE_NUMBER}${FLAT},?(?: |\r?\n)|,? ${HOUSE_NUMBER}${FLAT} [-–] )(?:[A-Z]{1,2}-)?)(?<value>${CODE})`,
        'gu',
      ),
      score: 0.7,
    },
    ...besideLabel(
      [
        'zip',
        'zip code',
        'postal',
        'postal code',
        'postcode',
        'post code',
        'plz',
        'postleitzahl',
        'code postal',
        'código postal',
        'kod pocztowy',
        '邮编',
        '郵便番号',
        '우편번호',
      ],
      String.raw`(?:\d{4} ?[A-Z]{2}(?![A-Z\d])|(?:[A-Z]{1,2}-)?\d{4,6}(?:-\d{3,4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d)(?![-.]\d)`,
      { score: 0.93 },
    ),
    // Other things as well, where the digits are more or fewer.
    ...besideLabel(['cep'], String.raw`\d{5}-?\d{3}(?![-.]\d)`, { score: 0.93 }, 'brazil'),
    ...besideLabel(
      ['postnummer'],
      String.raw`(?:\d{4}|\d{3} ?\d{2})(?![-.]?\d| \d{2})`,
      { score: 0.93 },
      'nordic',
    ),
    ...besideLabel(
      ['индекс', 'почтовый индекс'],
      String.raw`\d{6}(?![-.,]\d| ?(?:пункт|балл|%))`,
      { score: 0.93 },
      'russia',
    ),
    {
      name: 'after-address',
      anchor: 'number',
      regex: new RegExp(
        String.raw`(?<![\w.,$€£#/-])\d{1,6}[a-z]? (?:[\p{L}'.-]{1,24} ){1,4}${STREET_SUFFIX}\.?,? {1,2}(?:[\p{L}'.-]{2,24} ){0,2}[\p{L}'.-]{2,24},? {1,2}(?<value>\d{5}(?:-\d{4})?|\d{6}|(?!19|20)\d{4})(?![\w]|[-.]\d)`,
        'giu',
      ),
      score: 0.9,
    },
    {
      name: 'british',
      anchor: 'number',
      regex: /(?<![\w-])(?:[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2})(?![\w-])/g,
      score: 0.7,
    },
    {
      name: 'canadian',
      anchor: 'number',
      regex: /(?<![\w-])[ABCEGHJ-NPRSTVXY]\d[A-Z] \d[A-Z]\d(?![\w-])/g,
      score: 0.75,
    },
  ],
  matches: [
    ['住所:〒150-0043 東京都', '150-0043'],
    ['Broken Bow, Nebraska 68822', '68822'],
    ['Meguro-ku, Tokyo 153-0063; new', '153-0063'],
    ['Noida, Uttar Pradesh 201301', '201301'],
    ['Kochi, Kerala - 682 001', '682 001'],
    ['Fitzroy VIC 3065', '3065'],
    ['Galway, H91 X4P2', 'H91 X4P2'],
    ['Hafenstr. 7-9\n68159 Mannheim', '68159'],
    ['Calle Mayor 15, 2º B, 28013 Madrid', '28013'],
    ['Herengracht 21, 1015 AB Amsterdam', '1015 AB'],
    ['15 Tui Street, Rotorua 0110', '0110'],
    ['Springfield, OR 97477', '97477'],
    ['ZIP code: 02139-4307', '02139-4307'],
    ['London SW1A 1AA.', 'SW1A 1AA'],
    ['K1A 0B1 Ottawa', 'K1A 0B1'],
    ['postcode 10115', '10115'],
    ['Postcode: 2601 DA', '2601 DA'],
    ['CEP 01304-001', '01304-001'],
    ['почтовый индекс: 420111', '420111'],
    ['postnummer 113 46 Stockholm', '113 46'],
    ['to 748 park lane, riverton 79892. we', '79892'],
    ['383 Briar Drive, West Dalton 55300', '55300'],
    ['Col. Centro, C.P. 06010, México', '06010'],
    ['CAP 20121 Milano', '20121'],
    ['PO Box 91, Rotorua 3040.', '3040'],
    ['Private Bag 12, Perth WA 6001', '6001'],
    ['Belgrano 12, C1428ADB CABA', 'C1428ADB'],
    ['Koramangala, Bengaluru - 560 034', '560 034'],
    ['Subiaco WA 6008, not NSW 2000', '6008', '2000'],
    ['Corso Roma, 7 - 10121 Torino', '10121'],
  ],
  rejects: [
    'In New York 2019',
    'Texas 12345678',
    'T12 ABCD',
    'Table 3, 10115 Items',
    '12 Oak Street, Founded 1999',
    '97477',
    'order 12345',
    'zip file 12',
    'OR 974',
    'ZIP archive',
    'Индекс S&P 500: 5234',
    'индекс 102030 пунктов',
    'CEP 2024',
    'postnummer 123456',
    'the market cap: 50000',
    'CAP 50000 units',
    'box 12, Part 3040 is',
    'part C1428ADB9',
    'PO Box 12, March 2024',
  ],
};
