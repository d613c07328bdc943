import type { CountryCode } from 'libphonenumber-js/max';
import { isValidNumber } from './phone-plans.js';
import type { Recognizer } from '../types.js';

/**
 * National formats are tried in these numbering plans, in this order; international ones name their own.
 * The later ones write numbers without a zero, in pairs, or in no groups that the earlier have.
 */
const REGIONS: readonly CountryCode[] = [
  ...(['US', 'GB', 'DE', 'FR', 'IT', 'ES', 'NL', 'IN', 'AU', 'BR'] as const),
  ...(['NO', 'DK', 'SE', 'PL', 'CZ', 'HU', 'PT', 'CH', 'BE', 'MX'] as const),
];

export const DATE =
  /^\D?(?:\d{1,2}[-/. ]\d{1,2}[-/. ](?:19|20)\d{2}|(?:19|20)\d{2}[-/. ]\d{1,2}[-/. ]\d{1,2})/;
const NANP = /^(?:(?:\+|00)?1[ .-]?)?\(?[2-9]\d{2}\)?[ .-]{0,2}\d{3}[ .-]?\d{4}(?!\d)/;
const SOCIAL_SECURITY = /^\(?\d{3}[- ]\d{2}[- ]\d{4}$/;
const EXTENSION_ALONE = /^x ?\d{3,5}$/i;
const LOCAL = /^\d{3}[-.]\d{4}$/;
/** Groups of a North American number, some of which nobody has: in a text about calls they are one. */
const TEN = /^(?:1[-. ])?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}$/;
/** An area code in parentheses is hardly anything else. */
const AREA_CODE =
  /^(?:(?:\+?1[ .-])?\([1-9]\d{1,2}\)[ .-]?\d{3,5}[ .-]\d{4}|\(0\d{2,4}\) ?\d{5,9})$/;
const COMPACT_DATE = /^(?:19|20)\d{2}(?:0\d|1[0-2])(?:[0-2]\d|3[01])$/;

/**
 * A number valid in some plan passes. The shape of the North American plan stands unconfirmed even
 * where libphonenumber calls it invalid: fictional numbers such as 555-123-4567 have it.
 */
export function validatePhone(value: string): 'passed' | 'unconfirmed' | 'failed' {
  const number = value.replace(EXTENSION_AT_END, '');
  const digits = number.replace(/\D/g, '');
  if (LOCAL.test(value) || EXTENSION_ALONE.test(value)) return 'unconfirmed';
  if (SOCIAL_SECURITY.test(value)) return 'failed';
  if (DATE.test(value) || digits.length < 8 || digits.length > 20) return 'failed';
  if (/^(\d)\1+$/.test(digits)) return 'failed';
  const international = value.startsWith('+') || value.startsWith('00');
  const plain = value.startsWith('00') ? `+${value.slice(2)}` : value;
  const regions = international ? [undefined] : REGIONS;
  if (regions.some((region) => isValidNumber(plain, region)))
    return international || digits.length > 8 ? 'passed' : 'unconfirmed';
  if (COMPACT_DATE.test(value)) return 'failed';
  if (NANP.test(value) || AREA_CODE.test(number) || TEN.test(number)) return 'unconfirmed';
  return international && digits.length <= 15 ? 'unconfirmed' : 'failed';
}

const EXTENSION_AT_END = /[ ,]{0,2}(?:x|ext\.?|extension)[ .:]{0,2}\d{1,6}$/i;
export const EXTENSION = String.raw`(?:[ ,]{0,2}(?:x|ext\.?|extension)[ .:]{0,2}\d{1,6})?`;

/** No word follows that tells what is counted: `10000000 functions`. */
const UNCOUNTED = String.raw`(?! (?!(?:or|and|but|so|if|after|before|until|since|again|now|asap|instead|directly|with|from|by|in|at|on|any|anytime|to|for|when|between|please|today|tomorrow|as|is|thanks|und|oder|et|ou|y|o)(?!\p{L}))\p{Ll})`;

export const phoneNumber: Recognizer = {
  name: 'phone-number',
  type: 'PHONE_NUMBER',
  patterns: [
    {
      name: 'international',
      anchor: 'number',
      regex: new RegExp(
        String.raw`(?<![\w+.])\+[ (]{0,2}[1-9](?:[ ().\-/]{0,3}\d){6,16}${EXTENSION}(?![\w]|[.,]\d)`,
        'gi',
      ),
      score: 0.7,
      passedScore: 0.97,
    },
    {
      name: 'dialled-abroad',
      anchor: 'number',
      regex: new RegExp(
        String.raw`(?<![\w.])00(?=[1-9])(?:[ ().\-/]{0,3}\d){8,16}${EXTENSION}(?![\w]|[.,]\d)`,
        'gi',
      ),
      score: 0.25,
      passedScore: 0.85,
    },
    {
      name: 'north-american',
      anchor: 'number',
      regex: new RegExp(
        String.raw`(?<![\w+\-.$€£#/])(?:(?:\+|00)?1[ .\-]?)?(?:\([2-9]\d{2}\)[ .\-]{0,2}|[2-9]\d{2}[ .\-/])\d{3}[ .\-]\d{4}${EXTENSION}(?![\w]|[-.]\d)`,
        'gi',
      ),
      score: 0.85,
      passedScore: 0.93,
    },
    {
      name: 'national',
      anchor: 'number',
      regex: new RegExp(
        String.raw`(?<![\w+\-.$€£#/:]|\d )\(?0\d{1,5}\)?(?:[ \-/.]{1,2}\d{2,8}){1,5}${EXTENSION}(?![\w]|[-.:/]\d)`,
        'gi',
      ),
      score: 0.3,
      passedScore: 0.75,
    },
    {
      name: 'spaced-groups',
      anchor: 'number',
      regex: /(?<![\w+\-.$€£#/:])\d{3,5}[ ]\d{3,5}(?:[ ]\d{3,5})?(?![\w]|[-.:/ ]\d)/g,
      score: 0.3,
      passedScore: 0.45,
      needsContext: true,
    },
    {
      name: 'area-code',
      anchor: 'number',
      regex: new RegExp(
        String.raw`(?<![\w+\-.$€£#/])(?:\+?1[ .\-])?(?:\([1-9]\d{1,2}\)[ .\-]?\d{3,5}[ .\-]\d{4}|\(0\d{2,4}\) ?\d{5,9})${EXTENSION}(?![\w]|[-.]\d)`,
        'gi',
      ),
      score: 0.6,
      passedScore: 0.85,
    },
    {
      // Pairs as in the north of Europe, and area codes without their zero.
      name: 'paired-groups',
      anchor: 'number',
      regex: new RegExp(
        String.raw`(?<![\w+\-.$€£#/:]|\d )(?:\d{2}(?: \d{2}){3}|\d{3} \d{2} \d{3}|\d{2}-\d{3}-\d{2}-\d{2}|\d{3}-\d{3}-\d{3}|\d{3}(?:\.\d{3}\.| \d{3} )\d{3}|\d{2} \d{3} \d{2} \d{2}|\d{2} \d{4}-\d{4}|\d{1,2}\/\d{3}[- ]\d{3,4}|[2-9]\d{3}-\d{4})(?![\w]|[-.:/ ]\d)${UNCOUNTED}`,
        'gu',
      ),
      score: 0.2,
      passedScore: 0.45,
      needsContext: true,
    },
    {
      name: 'ten-digits',
      anchor: 'number',
      regex: new RegExp(
        String.raw`(?<![\w+\-.$€£#/:])(?:1[-.])?\d{3}(?:-\d{3}-|\.\d{3}\.)\d{4}${EXTENSION}(?![\w]|[-.]\d)`,
        'gi',
      ),
      score: 0.2,
      needsContext: true,
    },
    {
      name: 'few-digits',
      anchor: 'number',
      regex: new RegExp(
        String.raw`(?<![\w+\-.$€£#/:=]|\d )\d{8,9}(?![\w]|[-.:/ ]\d)${UNCOUNTED}`,
        'gu',
      ),
      score: 0.15,
      passedScore: 0.3,
      needsContext: true,
    },
    {
      name: 'bare-digits',
      anchor: 'number',
      regex: /(?<![\w+\-.$€£#/:])\d{10,12}(?![\w]|[-.:/]\d)/g,
      score: 0.4,
      passedScore: 0.5,
      needsContext: true,
    },
    {
      // Of an exchange: `reach her on x4482`.
      name: 'extension-alone',
      anchor: 'number',
      regex:
        /(?<=(?<!\p{L})(?:reache?d?|call|dial|ring|phone|tel|desk|office|transfer|through|me|him|her|them|us|on|at|ext)[ .:,(-]{1,2})x ?\d{3,5}(?![\w]|[-.:/]\d)/giu,
      score: 0.6,
    },
    {
      name: 'local',
      anchor: 'number',
      regex: /(?<![\w+\-.$€£#/:])(?:555-01\d\d|[2-9]\d{2}[-.]\d{4})(?![\w]|[-.:/]\d)/g,
      score: 0.45,
      needsContext: true,
    },
  ],
  context: {
    words: [
      'phone',
      'calls',
      'telephone',
      'tel',
      'mobile',
      'cell',
      'cellphone',
      'call',
      'called',
      'calling',
      'callback',
      'call back',
      'fax',
      'sms',
      'text',
      'whatsapp',
      'reach',
      'reached',
      'dial',
      'ring',
      'contact',
      'hotline',
      'extension',
      'voicemail',
      'landline',
      'number is',
      'phone number',
      'telefon',
      'handy',
    ],
    boost: 0.3,
    against: [
      'order',
      'invoice',
      'version',
      'build',
      'isbn',
      'serial',
      'tracking',
      'part',
      'lot',
      'batch',
      'ref',
      'chr',
      'sku',
      'case',
      'ticket',
      'ndc',
      'gtin',
      'ean',
      'upc',
      'asin',
    ],
    penalty: 0.45,
    charsBefore: 72,
    againstBefore: 48,
  },
  matches: [
    ['or call 555-123-4567 regarding', '555-123-4567'],
    ['(212) 555-0187', '(212) 555-0187'],
    ['tel. +44 20 7946 0958', '+44 20 7946 0958'],
    ['1-800-555-0199 ext. 42', '1-800-555-0199 ext. 42'],
    ['mobile 07700 900123', '07700 900123'],
    ['+49 (0)30 901820', '+49 (0)30 901820'],
    ['call 2125550187 now', '2125550187'],
    ['212.555.0187', '212.555.0187'],
    ['my cell is 555-0142', '555-0142'],
    ['ask for me on x5521 till noon', 'x5521'],
    ['+1 415-555-0132.', '+1 415-555-0132'],
  ],
  rejects: [
    'it calls 10000000 functions',
    'text 123456789 bytes',
    'order 2125550187',
    '2024-01-15',
    '01/02/2024 10:30',
    '192.168.100.200',
    'v1.234.5678',
    'SSN 123-45-6789',
    'my social security number is 063-64-0672',
    'ISBN 978-3-16-148410-0',
    'total 1,234,567.89',
    '555-0142',
    '000-000-0000',
    'invoice 2024-555-12345',
    'from 1990 to 2005',
    'NDC 0409-1234-01, strength 20 mg',
    'resolution 1920 x1080',
    'error at 0x1234',
  ],
  validate: validatePhone,
};
