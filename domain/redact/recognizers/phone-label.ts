import type { Recognizer } from '../types.js';
import { besideLabel } from './labelled.js';
import { DATE, EXTENSION, validatePhone } from './phone-number.js';

const LABELS = [
  'phone',
  'telephone',
  'tel',
  'mobile',
  'cell',
  'cellphone',
  'cell phone',
  'mobile phone',
  'home phone',
  'work phone',
  'fax',
  'whatsapp',
  'hotline',
  'landline',
  'contact number',
  'callback',
  'telefon',
  'telefonnummer',
  'handynummer',
  'téléphone',
  'teléfono',
  'móvil',
  'celular',
  'numéro de téléphone',
  'telefono',
  'cellulare',
  'telefone',
  'telemóvel',
  'telefoonnummer',
  'msisdn',
  '連絡先',
  'mobilnummer',
  'puhelin',
  'numer telefonu',
  'cep telefonu',
  'số điện thoại',
  'nomor hp',
  'телефон',
  'тел.',
  'τηλέφωνο',
  'मोबाइल नंबर',
  'मोबाइल',
  'फ़ोन नंबर',
  'هاتف',
  'جوال',
  'رقم الهاتف',
  'טלפון',
  '电话',
  '客户电话',
  '联系电话',
  '手机',
  '手机号',
  '手机号码',
  '電話',
  '電話番号',
  '携帯',
  '携帯電話',
  '전화번호',
  '휴대폰',
  '연락처',
];

const NUMBER = String.raw`\+?(?:\(\+?\d{1,5}\)|\d)(?:[ ().\-/]{0,3}\d){6,16}${EXTENSION}(?![-.:/]\d)`;
/** Who has the number, where only what is grouped like one is meant: `my nr is 082 ...`. */
const OWN_NUMBER = String.raw`(?:(?:my|his|her|their) (?:nr|number|num|no\.?)|(?:call|ring|text|reach|phone) (?:me|him|her|them|us)|number for (?:me|her|him|them)|meine nummer|mon numéro|mi número|mio numero|meu número|mijn nummer|mój numer)`;

/** What a label calls a phone number is one even where no numbering plan has it; a date is none. */
function validateLabelled(value: string): 'passed' | 'unconfirmed' | 'failed' {
  const verdict = validatePhone(value);
  const digits = value.replace(/\D/g, '');
  if (verdict !== 'failed' || DATE.test(value) || digits.length > 20) return verdict;
  return digits.length < 8 || /^(\d)\1+$/.test(digits) ? 'failed' : 'unconfirmed';
}

/** `phone: 106 325 9219`, `+44 20 7946 0958 (mobile)`. */
export const phoneLabel: Recognizer = {
  name: 'phone-beside-label',
  type: 'PHONE_NUMBER',
  patterns: [
    ...besideLabel(LABELS, NUMBER, { score: 0.6, passedScore: 0.95 }),
    // Bands of radios and weights of paper stand beside the same word: a number begins with a prefix.
    ...besideLabel(
      ['gsm'],
      String.raw`(?=\+|\(?0|5\d\d)${NUMBER}`,
      { score: 0.6, passedScore: 0.95 },
      'gsm',
    ),
    // Letters that a scan read for digits.
    ...besideLabel(
      ['tel', 'tel no', 'phone', 'telephone', 'mobile', 'cell', 'fax'],
      String.raw`(?=[\dOolI .-]{0,12}[OolI])(?=(?:\D{0,3}\d){8})[\dOolI]{3,4}[ .-][\dOolI]{3}[ .-][\dOolI]{4}(?![-.:/ ]?\d)`,
      { score: 0.7 },
      'scanned',
    ),
    {
      name: 'own-number',
      anchor: 'number',
      regex: new RegExp(
        String.raw`(?<=(?<!\p{L})${OWN_NUMBER}(?:[ ,:]{1,2}[\p{L}'’]{1,8}){0,3}[ :]{1,2})0\d{1,4}[ -]\d{3,4}[ -]?\d{3,4}(?![-.:/ ]?\d|\p{L})`,
        'giu',
      ),
      score: 0.7,
      passedScore: 0.9,
    },
  ],
  validate: validateLabelled,
  matches: [
    ['my phone number is 1063259219', '1063259219'],
    ['Tel.: (06)55/996-8480', '(06)55/996-8480'],
    ['mobile: +44 7700 900123', '+44 7700 900123'],
    ['"phone":"030 23125 664"', '030 23125 664'],
    ['GSM: 0475 12 34 56', '0475 12 34 56'],
    ['客户电话 138 0013 4872 已确认', '138 0013 4872'],
    ['my nr stays 082 117 4436', '082 117 4436'],
    ['call me on 082 117 4436', '082 117 4436'],
    ['TEL 2l2 555 0l99', '2l2 555 0l99'],
    ['тел.: +7 912 345-67-89', '+7 912 345-67-89'],
  ],
  rejects: [
    'phone: 2024-01-15',
    'phone 12345',
    'Tel: 00000000',
    'the phone of order 2125550187',
    '电话会议 20240512',
    '手机壳 12345678',
    'GSM 850/900/1800/1900',
    'paper gsm: 120 160 200 250',
  ],
};
