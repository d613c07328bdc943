// Check digits computed from the standards, apart from the code that they judge.
import { createHash } from 'node:crypto';
import { CAPITALS, DIGITS } from './draw.js';

const digitsOf = (text: string): number[] => [...text].map(Number);

/** Sum of weight times digit. */
export const weigh = (digits: string, weights: readonly number[]): number =>
  digitsOf(digits).reduce((sum, digit, at) => sum + digit * (weights[at] ?? 0), 0);

/** ISO/IEC 7812-1 annex B: the digit that makes a number pass. */
export function luhnDigit(digits: string): string {
  const sum = digitsOf(digits)
    .reverse()
    .map((digit, at) => (at % 2 === 0 ? digit * 2 : digit))
    .reduce((total, part) => total + (part > 9 ? part - 9 : part), 0);
  return String((10 - (sum % 10)) % 10);
}

/** Remainder of a long decimal number. */
export const remainder = (digits: string, by: number): number =>
  digitsOf(digits).reduce((rest, digit) => (rest * 10 + digit) % by, 0);

/** Letters as two digits, A = 10 (ISO 7064 and ISO 13616). */
export const asNumber = (text: string): string =>
  text.replace(/[A-Z]/g, (letter) => String(CAPITALS.indexOf(letter) + 10));

/** ISO 13616: two check digits over account and country. */
export const ibanDigits = (country: string, account: string): string =>
  String(98 - remainder(asNumber(`${account}${country}00`), 97)).padStart(2, '0');

/** ISO 7064 MOD 11,10. */
export function mod11And10(digits: string): string {
  let product = 10;
  for (const digit of digitsOf(digits)) {
    const sum = (digit + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return String((11 - product) % 10);
}

const DIHEDRAL = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
];
const PERMUTED = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
];

/** Verhoeff's scheme, for Aadhaar. */
export function verhoeffDigit(digits: string): string {
  let state = 0;
  for (const [at, digit] of digitsOf(digits).reverse().entries()) {
    const permuted = Number(PERMUTED[(at + 1) % 8]?.charAt(digit));
    state = Number(DIHEDRAL[state]?.charAt(permuted));
  }
  return String(DIHEDRAL.findIndex((row) => row.charAt(state) === '0'));
}

/** 49 CFR 565.15: transliterated, weighted, modulo 11; position 9. */
export function vinWithCheck(vin: string): string {
  const values = [...vin].map((char) => {
    if (DIGITS.includes(char)) return Number(char);
    const table = 'ABCDEFGH.JKLMN.P.R..STUVWXYZ'.indexOf(char);
    const value = [
      1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5, 0, 7, 0, 9, 0, 0, 2, 3, 4, 5, 6, 7, 8, 9,
    ];
    return value[table] ?? 0;
  });
  const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
  const rest = values.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0) % 11;
  return `${vin.slice(0, 8)}${rest === 10 ? 'X' : String(rest)}${vin.slice(9)}`;
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();

/** Base58Check of a version byte and a 20-byte hash. */
export function base58Check(version: number, hash: Buffer): string {
  const body = Buffer.concat([Buffer.from([version]), hash]);
  const bytes = Buffer.concat([body, sha256(sha256(body)).subarray(0, 4)]);
  let number = BigInt(`0x${bytes.toString('hex')}`);
  let text = '';
  for (; number > 0n; number /= 58n) text = BASE58.charAt(Number(number % 58n)) + text;
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return '1'.repeat(zeros) + text;
}

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

function polymod(values: readonly number[]): number {
  const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
  let state = 1;
  for (const value of values) {
    const top = state >>> 25;
    state = ((state & 0x1ffffff) << 5) ^ value;
    generator.forEach((term, bit) => {
      if ((top >>> bit) & 1) state ^= term;
    });
  }
  return state >>> 0;
}

/** BIP 173: witness version 0 and a program given as five-bit words. */
export function bech32(prefix: string, words: readonly number[]): string {
  const expanded = [
    ...[...prefix].map((char) => char.charCodeAt(0) >> 5),
    0,
    ...[...prefix].map((char) => char.charCodeAt(0) & 31),
  ];
  const check = polymod([...expanded, ...words, 0, 0, 0, 0, 0, 0]) ^ 1;
  const checksum = Array.from({ length: 6 }, (_, at) => (check >>> (5 * (5 - at))) & 31);
  return `${prefix}1${[...words, ...checksum].map((word) => BECH32.charAt(word)).join('')}`;
}
