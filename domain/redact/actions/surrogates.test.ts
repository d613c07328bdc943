import { isIP } from 'node:net';
import { isValidIBAN } from 'ibantools';
import { describe, expect, it } from 'vitest';
import { settingsOf, type EntityAction } from '../../../policies/index.js';
import type { EntityType } from '../types.js';
import { shiftDate } from './calendar.js';
import { applySpans } from './write-record.js';

const KEY = new Uint8Array(32).fill(9);

function pseudonym(
  value: string,
  type: EntityType,
  options: Partial<Exclude<EntityAction, string>> = {},
  { key = KEY, owner = 'record' } = {},
): string {
  const explanation = { pattern: 'test', validator: 'none', context: [] } as const;
  const span = { start: 0, end: value.length, type, score: 1, recognizer: 'test', explanation };
  const action = { action: 'pseudonym', ...options } as const;
  return applySpans(value, [span], () => action, { key, owner });
}

/** ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    sum += at % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0);
  }
  return sum % 10 === 0;
}

describe('a pseudonym', () => {
  it.each([
    ['John Doe', 'PERSON', /^[A-Z][a-z]+ [A-Z][a-z]+$/],
    ['JOHN DOE', 'PERSON', /^[A-Z]+ [A-Z]+$/],
    ['Dr. J. van der Berg-Roe', 'PERSON', /^Dr\. [A-Z]\. van der [A-Z][a-z]+-[A-Z][a-z]+$/],
    ["Sean O'Brien's", 'PERSON', /^[A-Z][a-z]+ [A-Z]'[A-Z][a-z]+'s$/],
    ['Иван Петров', 'PERSON', /^\p{Script=Cyrillic}+ \p{Script=Cyrillic}+$/u],
    ['张敏', 'PERSON', /^\p{Script=Han}{2}$/u],
    ['Acme Widgets GmbH', 'ORGANIZATION', /^[A-Z][a-z]+ [A-Z][a-z]+ GmbH$/],
    ['12 Main Street, Apt 4', 'STREET_ADDRESS', /^\d\d [A-Z][a-z]+ Street, Apt \d$/],
    ['john.doe@acme.com', 'EMAIL_ADDRESS', /^[a-z]+\.[a-z]+@[a-z]+\.example$/],
    ['https://acme.com/u/77?q=1', 'URL', /^https:\/\/[a-z]+\.example\/[a-z]\/\d\d\?[a-z]=\d$/],
    ['(212) 867-5309', 'PHONE_NUMBER', /^\([2-9]\d\d\) 555-01\d\d$/],
    ['+1 212 867 5309 x12', 'PHONE_NUMBER', /^\+1 [2-9]\d\d 555 01\d\d x\d\d$/],
    ['867-5309', 'PHONE_NUMBER', /^555-01\d\d$/],
    ['+44 20 7123 4567', 'PHONE_NUMBER', /^\+44 (?:77 0090 0|16 3296 0)\d{3}$/],
    ['+33 6 12 34 56 78', 'PHONE_NUMBER', /^\+33 6 39 98 [01]\d \d\d$/],
    ['+49 30 1234567', 'PHONE_NUMBER', /^\+99 9\d \d{7}$/],
    ['030 1234567', 'PHONE_NUMBER', /^000 \d{7}$/],
    ['123-45-6789', 'US_SSN', /^(?:000|666)-\d\d-\d{4}$/],
    ['203.0.113.7', 'IP_ADDRESS', /^2[45]\d(?:\.\d{1,3}){3}$/],
    ['2001:4860::8888', 'IP_ADDRESS', /^2001:db8:/],
    ['00:1A:2b:3c:4d:5e', 'MAC_ADDRESS', /^[0-9a-f][26aeAE](?::[0-9a-fA-F]{2}){5}$/],
    ['MRN-00123456', 'MEDICAL_RECORD_NUMBER', /^[A-Z]{3}-\d{8}$/],
    ['SW1A 1AA', 'POSTAL_CODE', /^[A-Z]{2}\d[A-Z] \d[A-Z]{2}$/],
  ] as const)('of %s, %s', (value, type, shape) => {
    const made = pseudonym(value, type);
    expect(made).toMatch(shape);
    expect(made).not.toBe(value);
    if (type === 'IP_ADDRESS') expect(isIP(made)).not.toBe(0);
    expect(pseudonym(value, type)).toBe(made);
    expect(pseudonym(value, type, {}, { key: new Uint8Array(32) })).not.toBe(made);
  });

  it('of a name is made word by word, so that its parts and its mail address agree', () => {
    const [first = '', last = ''] = pseudonym('John Doe', 'PERSON').split(' ');
    expect(pseudonym('Doe', 'PERSON')).toBe(last);
    expect(pseudonym('DOE, JOHN', 'PERSON')).toBe(`${last}, ${first}`.toUpperCase());
    expect(pseudonym('john.doe@acme.com', 'EMAIL_ADDRESS')).toMatch(
      `${first}.${last}@`.toLowerCase(),
    );
  });

  it.each(['½ Main', 'Ⅷ', '²', 'Ω½'])('of %s comes to an end, and is another value', (value) => {
    expect(pseudonym(value, 'STREET_ADDRESS')).not.toBe(value);
  });

  it('is the same however a number is grouped', () => {
    const digits = (text: string) => text.replace(/\D/g, '');
    expect(digits(pseudonym('123-45-6789', 'US_SSN'))).toBe(pseudonym('123456789', 'US_SSN'));
    expect(digits(pseudonym('4111-1111-1111-1111', 'CREDIT_CARD'))).toBe(
      pseudonym('4111111111111111', 'CREDIT_CARD'),
    );
  });

  it('seldom falls together with another: 10,000 words, 97% by themselves', () => {
    const made = Array.from({ length: 10_000 }, (_, at) =>
      pseudonym(
        `Name${[...String(at)].map((digit) => 'abcdefghij'[Number(digit)]).join('')}`,
        'PERSON',
      ),
    );
    expect(new Set(made).size).toBeGreaterThan(9_700);
  });

  it.each(['fail', 'pass'] as const)('of cards and IBANs has check digits that %s', (checksum) => {
    for (let at = 0; at < 200; at += 1) {
      const card = pseudonym(`4111 1111 1111 ${String(1000 + at)}`, 'CREDIT_CARD', { checksum });
      expect(passesLuhn(card.replaceAll(' ', ''))).toBe(checksum === 'pass');
      const iban = pseudonym(`DE89 3704 0044 0532 01${String(1000 + at)}`, 'IBAN_CODE', {
        checksum,
      });
      expect(iban).toMatch(/^DE\d\d \d{4} \d{4} \d{4} \d{6}$/);
      expect(isValidIBAN(iban.replaceAll(' ', ''))).toBe(checksum === 'pass');
    }
  });
});

describe('a moved date', () => {
  it.each([
    ['1985-03-12', 20, '1985-04-01'],
    ['03/12/1985', 20, '04/01/1985'],
    ['25.12.85', 10, '04.01.86'],
    ['March 12, 1985', 1, 'March 13, 1985'],
    ['12th of Feb. 2000', 18, '1st of Mar. 2000'],
    ['1 May 99', -1, '30 Apr 99'],
    ['MAY 1999', 365, 'MAY 2000'],
    ['1985-03-12T10:30', 1, '1985-03-13T10:30'],
    ['1985-02-30', 1, undefined],
    ['12 mai 1985', 1, undefined],
  ] as const)('%s and %i days', (text, days, expected) => {
    expect(shiftDate(text, days)).toBe(expected);
  });

  it('goes with the others of its record, by at most what the policy says', () => {
    const day = (text: string) => Date.parse(text) / 86_400_000;
    const shifts = Array.from({ length: 50 }, (_, at) => {
      const owner = { owner: `record ${String(at)}` };
      const first = pseudonym('2001-05-05', 'DATE_OF_BIRTH', { maxShiftDays: 9 }, owner);
      const second = pseudonym('2001-05-25', 'DATE_OF_BIRTH', { maxShiftDays: 9 }, owner);
      expect(day(second) - day(first)).toBe(20);
      return day(first) - day('2001-05-05');
    });
    expect(shifts).not.toContain(0);
    expect(Math.max(...shifts.map(Math.abs))).toBeLessThanOrEqual(9);
    expect(new Set(shifts).size).toBeGreaterThan(8);
    const whole = { dateShift: 'dataset' } as const;
    expect(pseudonym('2001-05-05', 'DATE_OF_BIRTH', whole, { owner: 'a' })).toBe(
      pseudonym('2001-05-05', 'DATE_OF_BIRTH', whole, { owner: 'b' }),
    );
  });
});

it('an action without options has the defaults', () => {
  expect(settingsOf('pseudonym')).toMatchObject({ checksum: 'fail', dateShift: 'record' });
});
