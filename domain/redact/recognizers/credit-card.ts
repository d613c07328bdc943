import { passesLuhn } from '../../../policies/index.js';
import type { Recognizer } from '../types.js';

/** Issuer prefixes with their lengths: Visa, Mastercard, American Express, Discover, Diners, JCB, UnionPay, Maestro. */
const ISSUER =
  /^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6(?:011|4[4-9]\d|5\d\d)\d{12,15}|3(?:0[0-5]|[689]\d)\d{11,13}|35\d{14}|62\d{14,17}|(?:5[06-8]|6\d)\d{10,17})$/;

function validateCard(value: string): 'passed' | 'unconfirmed' | 'failed' {
  const digits = value.replace(/\D/g, '');
  if (/^(\d)\1+$/.test(digits)) return 'failed';
  // Nobody prints a card in groups of more than six, as ranges of positions are.
  if (/\D/.test(value) && /\d{7}/.test(value) && !/^\d{4} \d{12}$/.test(value)) return 'failed';
  if (passesLuhn(digits)) return ISSUER.test(digits) ? 'passed' : 'unconfirmed';
  const grouped =
    /^\d{4}([ -])\d{4}\1\d{4}\1\d{4}$/.test(value) || /^3\d{3}([ -])\d{6}\1\d{5}$/.test(value);
  return grouped && ISSUER.test(digits) ? 'unconfirmed' : 'failed';
}

/** The longest run of whole groups that passes: `4111 1111 1111 1111 2` holds a card and a number. */
function trimCard(value: string): string {
  for (
    let end = value.length;
    end > 12;
    end = Math.max(value.lastIndexOf(' ', end - 1), value.lastIndexOf('-', end - 1))
  ) {
    const part = value.slice(0, end);
    if (validateCard(part) === 'passed') return part;
  }
  return value;
}

export const creditCard: Recognizer = {
  name: 'credit-card',
  type: 'CREDIT_CARD',
  patterns: [
    {
      name: 'any-grouping',
      anchor: 'number',
      regex: /(?<![\w]|\d[-.])\d(?:[ -]?\d){12,18}(?![\w]|[-.]\d)/g,
      score: 0.3,
      passedScore: 0.92,
    },
    {
      // Apart by two spaces, as embossed cards are read: columns of numbers are as well.
      name: 'embossed',
      anchor: 'number',
      regex: /(?<![\w]|\d[-.]|\d {1,2})\d{4}(?: {2}\d{4}){3}(?![\w]|[-.]\d| {1,2}\d)/g,
      score: 0.05,
      passedScore: 0.62,
      needsContext: true,
    },
    {
      name: 'dotted',
      anchor: 'number',
      regex: /(?<![\w.])\d{4}\.\d{4}\.\d{4}\.\d{4}(?![\w]|\.\d)/g,
      score: 0.3,
      passedScore: 0.92,
    },
    {
      // Maestro's shortest.
      name: 'twelve',
      anchor: 'number',
      regex: /(?<![\w]|\d[-.])[56]\d{11}(?![\w]|[-.]\d)/g,
      score: 0.05,
      passedScore: 0.5,
      needsContext: true,
    },
  ],
  trim: trimCard,
  validate: validateCard,
  context: {
    words: [
      'card',
      'credit',
      'debit',
      'visa',
      'mastercard',
      'amex',
      'american express',
      'discover',
      'cc',
      'card number',
      'payment',
      'cvv',
      'expires',
      'expiry',
      'valid thru',
      'valid from',
      'pan',
      'ending',
    ],
    boost: 0.3,
    against: ['tracking', 'imei', 'isbn', 'order', 'serial', 'invoice'],
    penalty: 0.3,
  },
  matches: [
    ['carte 4970.4767.0669.2308, arrivée', '4970.4767.0669.2308'],
    ['NO 4000  7761  3790  2620  VALID THRU', '4000  7761  3790  2620'],
    ['card 4111 1111 1111 1111 exp', '4111 1111 1111 1111'],
    ['4012888888881881', '4012888888881881'],
    ['amex 3782-822463-10005', '3782-822463-10005'],
    ['pay 676311247842 by card', '676311247842'],
    ['41 11 11 11 11 11 11 11', '41 11 11 11 11 11 11 11'],
    ['card 4111 1111 1111 1112', '4111 1111 1111 1112'],
  ],
  rejects: [
    '4111111111111112',
    '1234567890123',
    '0000 0000 0000 0000',
    '4111-1111',
    'a4111111111111111',
    'rows 4000  7761  3790  2620',
    'card use by day 41  11  11  11  11  11  11  11',
    'cards by day 12  4000  7761  3790  2620  17',
  ],
};
