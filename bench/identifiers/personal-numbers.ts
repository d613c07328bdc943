// Numbers that a state gives to a person, each from the rule of the authority that issues it.
import { luhnDigit, remainder, verhoeffDigit, weigh } from './check-digits.js';
import { CAPITALS, checked, grouped, oneDigit, two, type Draw } from './draw.js';
import type { Kind } from './kinds.js';

const day = (draw: Draw): string => two(draw.int(1, 28));
const month = (draw: Draw): string => two(draw.int(1, 12));
const gap = (draw: Draw, ...others: readonly string[]): string => draw.pick(['', ...others]);

/** Receita Federal: two digits modulo 11, falling weights from 10, then from 11. */
function cpf(draw: Draw): string {
  const digit = (body: string): string => {
    const rest =
      weigh(
        body,
        Array.from(body, (_, at) => body.length + 1 - at),
      ) % 11;
    return rest < 2 ? '0' : String(11 - rest);
  };
  let number = draw.fill('#########');
  number += digit(number);
  number += digit(number);
  return draw.chance(0.6) ? number.replace(/(...)(...)(...)(..)/, '$1.$2.$3-$4') : number;
}

/** INSEE: 97 minus the number modulo 97. */
function nir(draw: Draw): string {
  const body = `${draw.pick(['1', '2'])}${draw.fill('##')}${month(draw)}${two(draw.int(1, 95))}${draw.fill('###')}${draw.fill('###')}`;
  const number = body + two(97 - remainder(body, 97));
  return grouped(number, [1, 2, 2, 2, 3, 3, 2], gap(draw, ' '));
}

/** Aadhaar: twelve digits, the first from 2, the last by Verhoeff. */
function aadhaar(draw: Draw): string {
  const body = `${String(draw.int(2, 9))}${draw.fill('##########')}`;
  return grouped(body + verhoeffDigit(body), [4, 4, 4], gap(draw, ' ', '-'));
}

const DNI_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';
const dni = (draw: Draw): string => {
  const number = draw.fill('########');
  return `${number}${gap(draw, '-')}${DNI_LETTERS.charAt(Number(number) % 23)}`;
};
const nie = (draw: Draw): string => {
  const prefix = draw.int(0, 2);
  const number = draw.fill('#######');
  const letter = DNI_LETTERS.charAt(Number(`${String(prefix)}${number}`) % 23);
  const dash = gap(draw, '-');
  return `${'XYZ'.charAt(prefix)}${dash}${number}${dash}${letter}`;
};

const pesel = (draw: Draw): string =>
  checked(
    draw,
    () => `${draw.fill('##')}${month(draw)}${day(draw)}${draw.fill('####')}`,
    (body) => String((10 - (weigh(body, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10),
  );

const personnummer = (draw: Draw): string => {
  const body = `${two(draw.int(40, 99))}${month(draw)}${day(draw)}${draw.fill('###')}`;
  const number = body + luhnDigit(body);
  return `${draw.pick(['', '19'])}${number.slice(0, 6)}-${number.slice(6)}`;
};

/** HMRC: no D, F, I, Q, U, V; no O second; some pairs are never used. */
const nino = (draw: Draw): string => {
  const pair = draw.pick(['AB', 'CE', 'GH', 'JK', 'LM', 'PR', 'SW', 'TX', 'YZ', 'EA', 'HB', 'WM']);
  return grouped(
    `${pair}${draw.fill('######')}${draw.of('ABCD', 1)}`,
    [2, 2, 2, 2, 1],
    gap(draw, ' '),
  );
};

/** GB 11643: ISO 7064 MOD 11-2. */
const residentId = (draw: Draw): string => {
  const region = draw.pick(['110101', '310104', '440103', '510107', '330106', '420106']);
  const body = `${region}${String(draw.int(1950, 2005))}${month(draw)}${day(draw)}${draw.fill('###')}`;
  const weights = Array.from(body, (_, at) => 2 ** (17 - at) % 11);
  return body + '10X98765432'.charAt(weigh(body, weights) % 11);
};

const ODD = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
];
/** Decree of 23 December 1976: odd and even tables, modulo 26. */
const codiceFiscale = (draw: Draw): string => {
  const name = draw.of('BCDFGLMNPRSTVZ', 6);
  const place = draw.pick(['H501', 'F205', 'L219', 'A944', 'D612', 'G273']);
  const body = `${name}${draw.fill('##')}${draw.of('ABCDEHLMPRST', 1)}${day(draw)}${place}`;
  const valueOf = (char: string): number =>
    /\d/.test(char) ? Number(char) : CAPITALS.indexOf(char);
  const sum = [...body].reduce(
    (total, char, at) => total + (at % 2 === 0 ? (ODD[valueOf(char)] ?? 0) : valueOf(char)),
    0,
  );
  return body + CAPITALS.charAt(sum % 26);
};

const bsn = (draw: Draw): string =>
  checked(
    draw,
    () => `${String(draw.int(1, 9))}${draw.fill('#######')}`,
    (body) => oneDigit(weigh(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11),
  );

const hetu = (draw: Draw): string => {
  const date = `${day(draw)}${month(draw)}${two(draw.int(40, 99))}`;
  const serial = String(draw.int(2, 899)).padStart(3, '0');
  return `${date}-${serial}${'0123456789ABCDEFHJKLMNPRSTUVWXY'.charAt(Number(date + serial) % 31)}`;
};

const nric = (draw: Draw): string => {
  const prefix = draw.pick(['S', 'T']);
  const digits = draw.fill('#######');
  const rest = (weigh(digits, [2, 7, 6, 5, 4, 3, 2]) + (prefix === 'T' ? 4 : 0)) % 11;
  return `${prefix}${digits}${'JZIHGFEDCBA'.charAt(rest)}`;
};

const residentRegistration = (draw: Draw): string => {
  const body = `${two(draw.int(50, 99))}${month(draw)}${day(draw)}${draw.pick(['1', '2'])}${draw.fill('#####')}`;
  const rest = weigh(body, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11;
  const number = body + String((11 - rest) % 10);
  return `${number.slice(0, 6)}-${number.slice(6)}`;
};

const southAfrican = (draw: Draw): string => {
  const body = `${two(draw.int(40, 99))}${month(draw)}${day(draw)}${draw.fill('####')}08`;
  return body + luhnDigit(body);
};

const socialInsurance = (draw: Draw): string => {
  const body = `${String(draw.int(1, 7))}${draw.fill('#######')}`;
  return grouped(body + luhnDigit(body), [3, 3, 3], gap(draw, ' ', '-'));
};

export const NATIONAL_KINDS: readonly Kind[] = [
  { type: 'NATIONAL_ID', cues: ['cpf'], value: cpf },
  { type: 'NATIONAL_ID', cues: ['numéro de sécurité sociale', 'nir'], value: nir, bare: true },
  { type: 'NATIONAL_ID', cues: ['aadhaar', 'aadhaar number'], value: aadhaar },
  { type: 'NATIONAL_ID', cues: ['dni'], value: dni, bare: true, anyCase: true },
  { type: 'NATIONAL_ID', cues: ['nie'], value: nie, bare: true, anyCase: true },
  { type: 'NATIONAL_ID', cues: ['pesel'], value: pesel },
  { type: 'NATIONAL_ID', cues: ['personnummer'], value: personnummer, bare: true },
  {
    type: 'NATIONAL_ID',
    cues: ['national insurance number', 'ni number', 'nino'],
    value: nino,
    bare: true,
    anyCase: true,
  },
  { type: 'NATIONAL_ID', cues: ['身份证', 'resident id'], value: residentId, bare: true },
  {
    type: 'NATIONAL_ID',
    cues: ['codice fiscale'],
    value: codiceFiscale,
    bare: true,
    anyCase: true,
  },
  { type: 'NATIONAL_ID', cues: ['bsn', 'burgerservicenummer'], value: bsn },
  { type: 'NATIONAL_ID', cues: ['henkilötunnus', 'hetu'], value: hetu, bare: true },
  { type: 'NATIONAL_ID', cues: ['nric'], value: nric, bare: true, anyCase: true },
  {
    type: 'NATIONAL_ID',
    cues: ['resident registration number'],
    value: residentRegistration,
    bare: true,
  },
  { type: 'NATIONAL_ID', cues: ['south african id', 'sa id number'], value: southAfrican },
  { type: 'NATIONAL_ID', cues: ['social insurance number', 'sin'], value: socialInsurance },
];
