import type { Pattern } from '../types.js';
import { besideLabel } from './labelled.js';

const MONTHS =
  '(?:january|february|march|april|may|june|july|august|september|october|november|december)';
const ORDINAL = String.raw`(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth|twenty[- ](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|thirty[- ]first)`;
const UNITS = '(?:one|two|three|four|five|six|seven|eight|nine)';
const TEENS = '(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)';
const TWO_DIGITS = String.raw`(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ]${UNITS})?|${TEENS}|(?:oh|o)[- ]${UNITS})`;
const SPOKEN_YEAR = String.raw`(?:(?:eighteen|nineteen|twenty)(?: hundred and)?[- ]${TWO_DIGITS}|two thousand(?: (?:and )?(?:${UNITS}|${TWO_DIGITS}))?)`;
const ANY_YEAR = String.raw`(?:${SPOKEN_YEAR}|(?:18|19|20)\d\d|['’]\d\d)`;

/** `twelfth of June nineteen seventy-one`, the year left out or not. */
const DAY_FIRST = String.raw`${ORDINAL} (?:day )?of ${MONTHS}(?:,? (?:in )?${ANY_YEAR}(?!\w))?`;
/** `June the twelfth, nineteen seventy-one`. */
const MONTH_FIRST = String.raw`${MONTHS} (?:the )?(?:${ORDINAL}|\d{1,2}(?:st|nd|rd|th)),? ${ANY_YEAR}(?!\w)`;
/** `3rd of August nineteen eighty`. */
const DIGITS_FIRST = String.raw`\d{1,2}(?:st|nd|rd|th) of ${MONTHS},? ${SPOKEN_YEAR}`;

const SPOKEN_PART = String.raw`(?:(?:oh|o|zero) ${UNITS}|${UNITS}|${TEENS}|twenty(?:[- ]${UNITS})?|thirty(?:[- ]one)?)`;
/** `oh four, twelve, seventy-one`: only where a birth date is told. */
export const SPOKEN_NUMBERS = String.raw`${SPOKEN_PART}[, ]{1,2}${SPOKEN_PART}[, ]{1,2}(?:${SPOKEN_YEAR}|${TWO_DIGITS})`;

/** Regular expression source of a date as it is said; case-insensitive. */
export const SPOKEN_DATE = `(?:${DAY_FIRST}|${MONTH_FIRST}|${DIGITS_FIRST})`;

const list = (words: string): readonly string[] => words.split(', ');
const EXPIRIES = list(
  'expires, exp., exp. date, expiry, expiration, expiry date, expiration date, expire date, exp, exp date, valid thru, valid through, valid until, valid till, valid to, good thru, good through, gültig bis, verfallsdatum, ablaufdatum, expire fin, expire le, expire en, date d’expiration, vencimiento, fecha de vencimiento, caduca, caducidad, vence, válida hasta, scadenza, scade, validade, válido até, vencimento, geldig tot, vervaldatum, ważna do, ważny do, data ważności, 有効期限',
);
const STARTS = list(
  'since, member since, customer since, valid from, joined, start date, started, hire date, end date, employed since, seit, desde, depuis, sinds',
);

export const DATE_CUES: readonly Pattern[] = [
  ...besideLabel(
    EXPIRIES,
    String.raw`(?:0?[1-9]|1[0-2]) ?[/-] ?(?:20[1-4]\d|[1-4]\d)(?![/-]\d|[.,:]\d| ?%| of )`,
    { score: 0.85, farScore: 0.4 },
    'expiry',
  ),
  ...besideLabel(
    STARTS,
    String.raw`(?:(?:19|20)\d\d[-/](?:0[1-9]|1[0-2])|(?:0?[1-9]|1[0-2])\/(?:19|20)\d\d)(?![/-]\d|[.,:]\d)`,
    { score: 0.7, needs: 'sign' },
    'month-behind-sign',
  ),
  {
    name: 'behind-card-number',
    anchor: 'number',
    regex:
      /(?<=\d{4}[ -]?\d{3,5}[ ,;|]{1,3}(?:exp(?:iry)?\.? ?)?)(?:0[1-9]|1[0-2])\/(?:20)?[1-4]\d(?![\w]|[-/.]\d)/gi,
    score: 0.8,
  },
  {
    name: 'spoken',
    anchor: [
      ...ORDINAL.replace(/[()?:]/g, '')
        .split(/\||\[- \]/)
        .filter((word) => word !== ''),
      ...MONTHS.slice(3, -1).split('|'),
    ],
    regex: new RegExp(String.raw`(?<![\p{L}\p{N}-])(?:${DAY_FIRST}|${MONTH_FIRST})`, 'giu'),
    score: 0.85,
  },
  {
    name: 'digit-and-spoken-year',
    anchor: 'number',
    regex: new RegExp(String.raw`(?<![\p{L}\p{N}.-])${DIGITS_FIRST}(?![\p{L}\p{N}])`, 'giu'),
    score: 0.9,
  },
  {
    // Of tickets and flights, without a year: `28OCT`.
    name: 'joined-month',
    anchor: 'number',
    regex:
      /(?<![\w.+/-])(?:0[1-9]|[12]\d|3[01])(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)(?![\w]|[-/.]\w)/g,
    score: 0.6,
  },
  {
    // Year of an emperor, behind a word of Japanese.
    name: 'era-letter',
    anchor: 'number',
    regex:
      /(?<=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}][::]? ?)[RHSTM]\d{1,2}\.(?:1[0-2]|0?[1-9])\.(?:[12]\d|3[01]|0?[1-9])(?![\w.])/gu,
    score: 0.8,
  },
];
