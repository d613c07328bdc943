import { passesLuhn } from '../../../policies/index.js';

const digitsOf = (text: string): number[] => [...text].map(Number);

const weighted = (digits: readonly number[], weights: readonly number[]): number =>
  weights.reduce((sum, weight, at) => sum + weight * (digits[at] ?? 0), 0);

/** National Provider Identifier: Luhn with the prefix 80840 (45 CFR 162.406). */
export const isNpi = (value: string): boolean =>
  /^[12]\d{9}$/.test(value) && passesLuhn(`80840${value}`);

/** Registration of the Drug Enforcement Administration: (1,3,5) + 2 * (2,4,6) ends in the 7th digit. */
export function isDea(value: string): boolean {
  const digits = digitsOf(value.slice(2));
  return weighted(digits, [1, 2, 1, 2, 1, 2]) % 10 === digits[6];
}

/** Routing number of the American Bankers Association: weights 3, 7, 1; first two digits in use. */
export function isAbaRouting(value: string): boolean {
  if (!/^(?:0\d|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)\d{7}$/.test(value)) return false;
  return weighted(digitsOf(value), [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0;
}

/** Number of the British National Health Service: modulo 11 (NHS Data Dictionary). */
export function isNhs(value: string): boolean {
  const digits = digitsOf(value);
  if (digits.length !== 10 || new Set(digits).size === 1) return false;
  const check = 11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return check !== 10 && check % 11 === digits[9];
}

/** Singapore's NRIC and FIN: weighted sum, offset by the prefix, letter table by the prefix. */
export function isNric(value: string): boolean {
  const prefix = value.charAt(0).toUpperCase();
  const letter = value.charAt(8).toUpperCase();
  const offset = { S: 0, T: 4, F: 0, G: 4, M: 3 }[prefix];
  if (offset === undefined) return false;
  const rest = (weighted(digitsOf(value.slice(1, 8)), [2, 7, 6, 5, 4, 3, 2]) + offset) % 11;
  const table = 'ST'.includes(prefix)
    ? 'JZIHGFEDCBA'
    : prefix === 'M'
      ? 'XWUTRQPNJLK'
      : 'XWUTRQPNMLK';
  return table.charAt(rest) === letter;
}

/** Japan's Individual Number: modulo 11 over eleven digits (Ordinance 85 of 2014). */
export function isMyNumber(value: string): boolean {
  const digits = digitsOf(value);
  if (digits.length !== 12) return false;
  const rest = weighted(digits, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return (rest <= 1 ? 0 : 11 - rest) === digits[11];
}

/** Australian Medicare card: weights 1, 3, 7, 9 over eight digits. */
export function isAustralianMedicare(value: string): boolean {
  const digits = digitsOf(value);
  if (!/^[2-6]\d{9,10}$/.test(value)) return false;
  return weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === digits[8];
}

/** Letters by their value; I, O and Q are not used. */
const VIN_LETTERS = ['', 'AJ', 'BKS', 'CLT', 'DMU', 'ENV', 'FW', 'GPX', 'HY', 'RZ'];
const vinValue = (char: string): number =>
  /\d/.test(char) ? Number(char) : VIN_LETTERS.findIndex((letters) => letters.includes(char));

/** Check digit of a vehicle identification number (49 CFR 565.15); Europe does not use it. */
export function hasVinCheckDigit(value: string): boolean {
  const values = Array.from(value.toUpperCase(), vinValue);
  const rest = weighted(values, [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
  return value.charAt(8).toUpperCase() === (rest === 10 ? 'X' : String(rest));
}
