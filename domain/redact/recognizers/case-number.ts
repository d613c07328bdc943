import type { Recognizer } from '../types.js';
import { besideLabel } from './labelled.js';

/** Each tells by itself that a number of a court, a prosecutor or the police follows. */
const LABELS = [
  'docket no',
  'docket number',
  'case file',
  'court file',
  'court case',
  'cause no',
  'cause number',
  'case ref',
  'case reference',
  'crime reference',
  'crime ref',
  'cnr',
  'дело №',
  'справа №',
  'crime number',
  'police report',
  'arrest report',
  'warrant no',
  'citation no',
  'aktenzeichen',
  'geschäftszeichen',
  'sygn. akt',
  'sygnatura akt',
  'n° rg',
  'rg n°',
  'n° de parquet',
  'pourvoi n°',
  'número de autos',
  'expediente nº',
  'processo nº',
  'rol nº',
];
/** `12 O 345/19`, `II K 123/19`, or letters and numbers in any order. */
const NUMBER = String.raw`(?:\d{1,4}|[IVX]{1,5}) [A-Z]{1,5} \d{1,6}\/\d{2,4}|(?:[\p{L}]{1,4}[-/ ]?)?\d{1,12}(?:[-/.:](?:\d{1,8}|[A-Z]{1,4})){0,5}`;

/** What a number with the year behind it belongs to when it stands before: an act has one too. */
const OF = [
  'applications?',
  'appl\\.',
  'app\\.',
  'cases?',
  'complaints?',
  'petitions?',
  'appeals?',
  'proceedings',
  'dossier',
  'matter',
  'suit',
  'indictment',
  'file',
].join('|');
const NO = String.raw`(?:(?:nos?|nr)\.?|numbers?|n[°º]|№|#)`;
const WITH_YEAR = String.raw`\d{1,6}\/(?:(?:19|20)\d{2}|\d{2})`;

/** Registers of German courts that a reader knows without a cue. */
const REGISTERS = 'BvR|BvL|BvE|BvQ|StR|StE|ZR|ZB|AZR|AZB|BGs|KLs|UF|WF|Ws|Js|Ds|Ca|Sa|KR';

/** Court cases, investigations and police reports: what leads to a person in a public register. */
export const caseNumber: Recognizer = {
  name: 'case-number',
  type: 'CASE_NUMBER',
  patterns: [
    ...besideLabel(LABELS, String.raw`(?=[^\d\n]{0,6}\d)(?:${NUMBER})`, { score: 0.85 }),
    {
      name: 'with-year',
      regex: new RegExp(
        String.raw`(?<=(?<![\p{L}\p{N}])(?:${OF}),? {0,2}\(?${NO} ?(?:${WITH_YEAR},? (?:and |& )?){0,6})${WITH_YEAR}(?![\d/])`,
        'giu',
      ),
      score: 0.9,
      anchor: 'number',
    },
    ...besideLabel(
      ['az', 'az.'],
      String.raw`(?:\d{1,4}|[IVX]{1,5}) [A-Z][A-Za-z]{0,3} \d{1,6}\/\d{2,4}`,
      { score: 0.9 },
      'german-file',
    ),
    {
      // Year, court, kind and number.
      name: 'china',
      regex: /[((]20\d{2}[))]\p{Script=Han}{1,3}\d{0,4}\p{Script=Han}{1,4}\d{1,6}号/gu,
      score: 0.95,
      anchor: 'number',
    },
    {
      name: 'united-states',
      regex:
        /(?<![\w:-])\d:\d{2}-(?:cv|cr|mj|bk|md|mc|po|ap)-\d{3,6}(?:-[A-Z]{1,4}){0,4}(?![\w-])/gi,
      score: 0.95,
      anchor: 'number',
    },
    {
      name: 'germany',
      regex: new RegExp(
        String.raw`(?<![\p{L}\p{N}])(?:\d{1,4}|[IVX]{1,5}) (?:${REGISTERS}) \d{1,6}\/\d{2}(?![\d/])`,
        'gu',
      ),
      score: 0.9,
      anchor: { around: REGISTERS.toLowerCase().split('|'), before: 8, after: 16 },
    },
    {
      name: 'ecli',
      regex: /(?<![\w:])ECLI:[A-Z]{2}:[A-Z\d]{1,7}:\d{4}:[A-Z\d.]{1,25}(?<!\.)/g,
      score: 0.95,
      anchor: ['ecli'],
    },
  ],
  validate: (value) =>
    value.replace(/\D/g, '').length >= (/^\d+$/.test(value) ? 4 : 3) ? 'passed' : 'failed',
  matches: [
    ['in an application (no. 36110/97) against', '36110/97'],
    ['applications nos. 10486/83 and 12244/86 lodged', '10486/83', '12244/86'],
    ['in criminal case no. 1234/2003 the', '1234/2003'],
    ['filed as 3:19-cv-01234-RS, in', '3:19-cv-01234-RS'],
    ['Urteil vom 3. Mai, 2 BvR 1234/05, zu', '2 BvR 1234/05'],
    ['BGH VI ZR 123/20 vom', 'VI ZR 123/20'],
    ['Aktenzeichen: 12 O 345/19', '12 O 345/19'],
    ['the docket number is CR-2019-004512.', 'CR-2019-004512'],
    ['Crime reference 42/12345/21', '42/12345/21'],
    ['see ECLI:NL:RBAMS:2019:1234.', 'ECLI:NL:RBAMS:2019:1234'],
    ['Az. 14 O 227/24, Landgericht', '14 O 227/24'],
    ['дело № А40-118724/2023 отложено', 'А40-118724/2023'],
    ['CNR: MHPU020148172023 next', 'MHPU020148172023'],
    ['sygn. akt II K 123/19', 'II K 123/19'],
  ],
  rejects: [
    'Law no. 2845/1983',
    'Act no. 54/91 applied',
    'Directive 95/46/EC',
    'support case 12345 was closed',
    'application 2 of 3',
    'in 1 of 12 cases',
    'page 3/97',
    'Series A no. 154',
    'the docket has 4821 entries',
    'processo de 12345 horas',
  ],
};
