import { stdnum } from 'stdnum';
import { checkedNumber } from '../checked-number.js';
import type { Recognizer } from '../../types.js';

const digits = (count: number): string => String.raw`\d(?:[ .-]?\d){${String(count - 1)}}`;

/** Prefix -> name in stdnum and shape behind the prefix (Directive 2006/112/EC, article 215). */
const COUNTRIES: Readonly<Record<string, readonly [name: string, shape: string]>> = {
  AT: ['uid', `U ?${digits(8)}`],
  BE: ['vat', digits(10)],
  BG: ['vat', `${digits(9)}(?:\\d)?`],
  CY: ['vat', `${digits(8)}[A-Z]`],
  CZ: ['dic', `${digits(8)}\\d{0,2}`],
  DE: ['vat', digits(9)],
  DK: ['cvr', digits(8)],
  EE: ['kmkr', digits(9)],
  EL: ['vat', digits(9)],
  ES: ['nif', `[A-Z\\d][ .-]?${digits(7)}[ .-]?[A-Z\\d]`],
  FI: ['alv', digits(8)],
  FR: ['tva', `[A-HJ-NP-Z\\d]{2}[ .-]?${digits(9)}`],
  GB: ['vat', `${digits(9)}(?: ?\\d{3})?`],
  HR: ['oib', digits(11)],
  HU: ['anum', digits(8)],
  IE: ['vat', String.raw`\d[A-Z\d+*]\d{5}[A-Z]{1,2}`],
  IT: ['iva', digits(11)],
  LT: ['pvm', `${digits(9)}(?:\\d{3})?`],
  LU: ['tva', digits(8)],
  LV: ['pvn', digits(11)],
  MT: ['vat', digits(8)],
  NL: ['btw', `${digits(9)}[ .-]?B[ .-]?\\d\\d`],
  PL: ['nip', digits(10)],
  PT: ['nif', digits(9)],
  RO: ['cui', String.raw`\d{6,10}`],
  SE: ['vat', digits(12)],
  SI: ['ddv', digits(8)],
  SK: ['dph', digits(10)],
};

/** By the rules of the country that its first two letters name, which some want and some refuse. */
function isVat(value: string, written: string): boolean {
  // `es 21149067S` is a word and a number.
  if (/^\p{Ll}{2} /u.test(written)) return false;
  const whole = value.toUpperCase();
  const country = whole.slice(0, 2);
  const name = COUNTRIES[country]?.[0] ?? '';
  const validator = stdnum[country === 'EL' ? 'GR' : country]?.[name];
  return [whole, whole.slice(2)].some((text) => validator?.validate(text).isValid === true);
}

export const EUROPE: readonly Recognizer[] = [
  checkedNumber({
    name: 'eu-vat',
    type: 'TAX_ID',
    number: isVat,
    shape: Object.entries(COUNTRIES)
      .map(([country, [, shape]]) => `${country}[ -]?${shape}`)
      .join('|'),
    words: [
      'vat',
      'vat id',
      'vat reg',
      'ust-id',
      'ust-idnr',
      'umsatzsteuer',
      'tva',
      'tva intracommunautaire',
      'iva',
      'btw',
      'uid',
      'moms',
      'nif',
      'tax',
    ],
    distinct: true,
    matches: [
      ['VAT: DE136695976', 'DE136695976'],
      ['tva FR 83 404833048, merci', 'FR 83 404833048'],
      ['{"vatId": "ATU13585627"}', 'ATU13585627'],
      ['NL004495445B01', 'NL004495445B01'],
    ],
    rejects: ['mi DNI es 21149067S', 'VAT follows', 'lot DE136695978', 'VAT 20 %', 'DE 123'],
  }),
];
