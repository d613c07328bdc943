import { describe, expect, it } from 'vitest';
import { labelsOf, withoutLabels } from './labels.js';
import { RECOGNIZERS } from './recognizers/index.js';
import type { Span } from './types.js';

const LABELS = labelsOf(RECOGNIZERS);

function spanOf(text: string, value: string, type: Span['type']): Span {
  const start = text.indexOf(value);
  const explanation = { pattern: 'x', validator: 'none', context: [] } as const;
  return { start, end: start + value.length, type, score: 0.9, recognizer: 'x', explanation };
}

describe('withoutLabels', () => {
  it.each([
    ['IBAN DE89370400440532013000', 'IBAN', 'DE89370400440532013000'],
    ['your SSN is needed', 'SSN', undefined],
    ['DOB: 03/12/1985', 'DOB', '03/12/1985'],
    ['Passport No. C1234567', 'Passport', 'C1234567'],
    ['Passport: lost', 'Passport', undefined],
    ['Medical Record Number 00482913', 'Medical Record Number', '00482913'],
    ['"Kundennummer": "482913"', 'Kundennummer', '482913'],
    ['Member ID = X', 'Member ID', undefined],
    ['SWIFT DEUTDEFF', 'SWIFT', 'DEUTDEFF'],
    ['Iban: see below', 'Iban', undefined],
  ])('drops a label: %s', (text, name, value) => {
    const values = value === undefined ? [] : [spanOf(text, value, 'ACCOUNT_NUMBER')];
    expect(withoutLabels(text, [spanOf(text, name, 'ORGANIZATION')], values, LABELS)).toEqual([]);
  });

  it.each([
    ['the NHS is slow', 'NHS', undefined],
    ['paid by Visa in May', 'Visa', undefined],
    ['US: all quiet', 'US', undefined],
    ['Anna: 03/12/1985', 'Anna', '03/12/1985'],
    ['Visa has told 4111111111111111', 'Visa', '4111111111111111'],
    ['Taylor Swift is here. Swift: hello', 'Swift', undefined],
    ['Swift 03/12/1985', 'Swift', '03/12/1985'],
    ['Said: not yet', 'Said', undefined],
    ['Dob has come', 'Dob', undefined],
    ['SWIFT: HELLO', 'SWIFT', undefined],
    ['Anna Passport: lost', 'Anna Passport', undefined],
  ])('keeps a name: %s', (text, name, value) => {
    const values = value === undefined ? [] : [spanOf(text, value, 'ACCOUNT_NUMBER')];
    const named = [spanOf(text, name, 'ORGANIZATION')];
    expect(withoutLabels(text, named, values, LABELS)).toEqual(named);
  });
});
