import type { Recognizer } from '../types.js';
import { DEMONYMS } from './demonyms.js';
import { besideLabel } from './labelled.js';

/** German ones mix letters with as few as three digits. */
const hasDigits = (value: string): 'passed' | 'failed' =>
  value.replace(/\D/g, '').length >= (/^[CFGHJKLMNPRTVWXYZ\d]{9}$/.test(value) ? 2 : 5)
    ? 'passed'
    : 'failed';

/** Passports and identity cards outside the United States: they share hardly more than a length. */
export const passport: Recognizer = {
  name: 'passport',
  type: 'PASSPORT',
  patterns: [
    ...besideLabel(
      [
        'reisepass',
        'reisepassnummer',
        'passnummer',
        'passeport',
        'pasaporte',
        'passaporto',
        'passaporte',
        'paszport',
        'paspoort',
        'pass-nr',
        'personalausweis',
        'ausweisnummer',
        'ausweis',
        'carte d’identité',
        "carte d'identité",
        'carta d’identità',
        "carta d'identità",
        ...DEMONYMS.map((of) => `${of} passport`),
        'diplomatic passport',
        'foreign passport',
        'identity card',
        'dowód osobisty',
        'dowodem osobistym',
        'dowodu osobistego',
        'dowód os.',
        'cni',
        "carte nationale d'identité",
        'carte nationale d’identité',
        'kimlik seri',
        'id card',
        'pasaport',
        'hộ chiếu',
        'загранпаспорт',
        'загранпаспорта',
        'номер загранпаспорта',
        'паспорт серия',
        'паспорт гражданина',
        'номер паспорта',
        'جواز السفر',
        'דרכון',
        '旅券番号',
        'パスポート番号',
        '护照号',
        '护照号码',
        '護照號碼',
        '여권번호',
      ],
      String.raw`\d{2} \d{7}|\d{4} \d{6}|\d{3} \d{3} \d{3}|(?=[\p{L}\d]{0,14}\d)[\p{L}\d]{6,14}`,
      { score: 0.95 },
    ),
    ...besideLabel(
      ['passport', 'passports', 'travel document', 'travel document no', 'travel doc', 'ppt no'],
      String.raw`\d{2} \d{7}|[A-Z]{1,2} \d{6,7}|(?=[A-Z\d]{0,11}\d)[A-Z\d]{7,12}`,
      { score: 0.85 },
      'of-any-country',
    ),
    // `passport FX448291 (BR)`: of no passport of the United States.
    ...besideLabel(
      ['passport', 'passports'],
      String.raw`(?:[A-Z]{0,2}\d{6,9}|\d{2} \d{7})(?=,? ?\((?!USA?\)|United States|American)\p{Lu}[\p{L} ]{1,20}\))`,
      { score: 0.95 },
      'country-behind',
    ),
    {
      // `passport (Ghana) G2044819`, `passport, number A08841273`.
      name: 'country-or-comma-between',
      anchor: 'number',
      regex:
        /(?<=(?<!\p{L})[Pp]assports?(?: ?\((?!USA?\)|United States|American)\p{Lu}[\p{L} ]{1,20}\)|,)(?: (?:number|no\.?|nr\.?))?:? )(?:[A-Z]{1,2} ?\d{6,8}|\d{2} \d{7}|\d{8,9})(?![\p{L}\p{N}])/gu,
      score: 0.94,
    },
    {
      // A list of several: `passports: me 533904471 (UK), Jorge XDB887929 (Spain)`.
      name: 'of-list',
      anchor: 'number',
      regex:
        /(?<=(?<!\p{L})[Pp]assports(?!\p{L})[^\n]{0,160}[\s–:,-])[A-Z]{0,3}\d{6,9}(?= \((?!(?:the )?(?:USA?|U\.S\.|United States|American)(?!\p{L}))\p{Lu}[\p{L} ]{1,20}\))/gu,
      score: 0.95,
    },
    {
      name: 'travel-document',
      anchor: 'number',
      regex: /(?<=(?<!\w)P\/(?!USA)[A-Z]{3}\/)[A-Z\d]{6,12}(?=\/)/g,
      score: 0.97,
    },
  ],
  validate: hasDigits,
  matches: [
    ['Reisepass C01X00T47', 'C01X00T47'],
    ['passeport n° 12AB34567'.replace('n° ', ': '), '12AB34567'],
    ['Personalausweis: T220001293', 'T220001293'],
    ['UK passport 925665416', '925665416'],
    ['passports – me 533904471 (UK), Jo XDB887929 (Spain)', '533904471', 'XDB887929'],
    ['legitymujący się dowodem osobistym CTH310626, wnosi', 'CTH310626'],
    ['His Kenyan passport, number BK1187204, was', 'BK1187204'],
    ['passport (Peru) 118720443 valid', '118720443'],
    ['passport 65 1187204 (RU); passport GD118720 (BR)', '65 1187204', 'GD118720'],
    ['Reisepass Nr. C7VK2R9HT ausgestellt', 'C7VK2R9HT'],
    ['旅券番号 TR5870104 有効', 'TR5870104'],
    ['номер загранпаспорта 75 4391432, до', '75 4391432'],
    ['DOCS P/GBR/925665416/GBR/14JUN80/F', '925665416'],
  ],
  rejects: ['Reisepass verloren', 'ausweis bitte', 'identity card lost', 'passport office'],
};
