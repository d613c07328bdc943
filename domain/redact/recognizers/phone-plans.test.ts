import { getCountries, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import metadata from 'libphonenumber-js/max/metadata';
import { describe, expect, it } from 'vitest';
import { isValidNumber } from './phone-plans.js';

const asLibrary = (number: string, region?: CountryCode): boolean =>
  parsePhoneNumberFromString(number, region)?.isValid() === true;

/** Digits that repeat themselves for no number, the same in each run. */
function drawn(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 8) % below;
  };
}

const regions = getCountries();
const codes = Object.keys(metadata.country_calling_codes);

/** At home, with and without the prefix, behind its calling code, from abroad, and with a `+`. */
const WAYS: readonly ((digits: string, code: string) => string)[] = [
  (digits) => digits,
  (digits) => `0${digits}`,
  (digits) => `1${digits}`,
  (digits) => `(0${digits.slice(0, 3)}) ${digits.slice(3, 6)}-${digits.slice(6)}`,
  (digits, code) => code + digits,
  (digits, code) => `011${code}${digits}`,
  (digits, code) => `00${code}${digits}`,
];

describe('a number in a numbering plan', () => {
  it.each(regions)('is valid in %s where the library says so', (region) => {
    const next = drawn(regions.indexOf(region) + 1);
    const code = String(metadata.countries[region]?.[0]);
    for (let count = 0; count < 150; count += 1) {
      const digits = Array.from({ length: 5 + next(9) }, () => next(10)).join('');
      const way = WAYS[next(WAYS.length)] ?? WAYS[0];
      const number = way?.(digits, code) ?? digits;
      expect([number, isValidNumber(number, region)]).toEqual([number, asLibrary(number, region)]);
      const abroad = `+${codes[next(codes.length)] ?? ''}${digits}`;
      expect([abroad, isValidNumber(abroad, undefined)]).toEqual([abroad, asLibrary(abroad)]);
    }
  });

  it.each([
    ['555-123-4567', 'US', false],
    ['(415) 836-2250', 'US', true],
    ['020 7946 0958 ext. 42', 'GB', true],
    ['07624 369230', 'GB', true],
    ['030 901820', 'DE', true],
    ['+1 415 836 2250', undefined, true],
    ['+800 1234 5678', undefined, true],
    ['+999 123 456 789', undefined, false],
  ] as const)('reads %s in %s', (number, region, valid) => {
    expect(isValidNumber(number, region)).toBe(valid);
    expect(asLibrary(number, region)).toBe(valid);
  });
});
