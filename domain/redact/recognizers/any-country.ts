import type { Recognizer } from '../types.js';
import { besideLabel } from './labelled.js';

/** Five digits at least: shorter ones are years, pages, amounts. */
const hasDigits = (value: string): 'passed' | 'failed' =>
  value.replace(/\D/g, '').length >= 5 ? 'passed' : 'failed';

/** Its parts hold a digit, or are a letter; apart by a space not `a`, which goes on a sentence. */
const PART = String.raw`[-. /][A-Z]{0,3}\d[\dA-Z]{0,7}|[-./][A-Z](?![\dA-Z])| [B-HJ-Z](?![\dA-Z'’])`;
const NUMBER = String.raw`[A-Z]{0,4}[-. ]?\d[\dA-Z]{0,13}(?:${PART}){0,5}(?![-./]\d)`;

const NATIONAL_LABELS = [
  'nin',
  'nid',
  ...['national', 'citizen', 'government', 'state', 'civil', 'personal'].flatMap((of) => [
    `${of} id`,
    `${of} id number`,
    `${of} identity number`,
    `${of} identification number`,
  ]),
  'national identity card',
  'identity number',
  'identity card',
  'identity document',
  'identification number',
  'id card',
  'id number',
  'id document',
  'residence permit',
  'alien registration',
  'alien number',
  'a-number',
  'uscis number',
  'pnc id',
  'huduma',
  'ghana card',
  'omang',
  'cédula',
  'cedula',
  'documento de identidad',
  'numéro de sécurité sociale',
  'personalausweisnummer',
  'ausweisnummer',
  'fødselsnr',
  'kimlik no',
  'tc kimlik no',
  'cccd',
  'cmnd',
  'iqama',
  'emirates id',
  'снилс',
  'рнокпп',
  'आधार संख्या',
  'आधार नंबर',
  'เลขประจำตัวประชาชน',
  'رقم الهوية',
  'الرقم القومي',
  '身份证号',
  '身份证号码',
  '身分證字號',
  '身分證號碼',
  '個人番号',
  '주민등록번호',
];

/**
 * The number of a person's identity document or register entry in a country whose numbers no
 * recognizer of its own knows, or one that was mistyped: its label alone gives it away.
 */
export const nationalId: Recognizer = {
  name: 'national-id',
  type: 'NATIONAL_ID',
  patterns: [
    ...besideLabel(NATIONAL_LABELS, NUMBER, { score: 0.62 }),
    // Also `basis`.
    ...besideLabel(
      ['आधार'],
      String.raw`\d{4}([ -]?)\d{4}\1\d{4}(?![-./]\d)`,
      { score: 0.62 },
      'aadhaar',
    ),
  ],
  validate: hasDigits,
  matches: [
    ['NIN: 12345678901', '12345678901'],
    ['A-number A118-720-443, interview', 'A118-720-443'],
    ['PNC ID 21/118720K', '21/118720K'],
    ['"nationalId":"784-1990-1234567-1"', '784-1990-1234567-1'],
    ['her identity card number is AB 1234567', 'AB 1234567'],
    ['आधार संख्या: 8375 4414 8417', '8375 4414 8417'],
    ['身分證字號 F151984131 要保人', 'F151984131'],
    ['Fødselsnr. 24059139343, fastlege', '24059139343'],
    ['เลขประจำตัวประชาชน 2 9145 51984 13 1', '2 9145 51984 13 1'],
  ],
  rejects: [
    'NIN is required',
    'national id 12',
    'the id card of 2019',
    'identity number pending',
    'इस आधार पर 5000000 रुपये',
    'ID card production: 150000 a year',
    'the national ID programme covers 1300000000 people',
  ],
};

/** A number under which a person pays tax, likewise. */
export const taxNumber: Recognizer = {
  name: 'tax-number',
  type: 'TAX_ID',
  patterns: besideLabel(
    [
      'tax number',
      'tax id',
      'tax id number',
      'tax identification number',
      'tax reference',
      'tax file number',
      'taxpayer number',
      'taxpayer ref',
      'kra pin',
      'taxpayer id',
      'taxpayer identification number',
      'fiscal number',
      'fiscal code',
      'steuernummer',
      'steuer-id',
      'numéro fiscal',
      'código fiscal',
      'инн',
      'налоговый номер',
      'vergi no',
      'btw-nummer',
      'identification fiscale',
      '税号',
      '納税者番号',
      '統一編號',
      '사업자등록번호',
    ],
    NUMBER,
    { score: 0.62 },
  ),
  validate: hasDigits,
  matches: [
    ['Tax ID 29/815/08154', '29/815/08154'],
    ['tax reference: A012345678Z', 'A012345678Z'],
    ['ИНН организации 7700043330, КПП', '7700043330'],
    ['Steuernummer 181/815/08155', '181/815/08155'],
    ['her KRA PIN is A001187204P.', 'A001187204P'],
    ['Taxpayer ref 12345 67890 from', '12345 67890'],
  ],
  rejects: [
    'the tax number went up to 15000 last year',
    'tax number unknown',
    'tax id 12',
    'tax reference of 2019',
    'the fiscal code says 3',
  ],
};
