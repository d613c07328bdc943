import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { isValidIban, isValidLuhn } from './checksums.js';
import { buildSampleFiles, type TruthRow } from './files.js';
import { poolOf, type Use } from './pools.js';

const files = new Map(buildSampleFiles().map(({ name, text }) => [name, text]));
const lines = (name: string): string[] => (files.get(name) ?? '').trimEnd().split('\n');
const truth = lines('truth.jsonl').map((line) => JSON.parse(line) as TruthRow);
const csvRows = parse(files.get('banking.csv') ?? '', { relax_column_count: true });

function textAt({ file, row, field }: TruthRow): string {
  const keys = field.slice(1).split('/');
  if (file.endsWith('.csv')) {
    return csvRows[row - 1]?.[csvRows[0]?.indexOf(keys[0] ?? '') ?? -1] ?? '';
  }
  let value: unknown = JSON.parse(lines(file)[row - 1] ?? '');
  for (const key of keys) value = (value as Record<string, unknown>)[key];
  return value as string;
}

const planted = truth.map((row) => ({ ...row, value: textAt(row).slice(row.start, row.end) }));
const ofType = (type: TruthRow['type']): string[] =>
  planted.filter((span) => span.type === type).map(({ value }) => value);

describe('samples/data', () => {
  it.each([...files.keys()])('%s is what the generator writes', (name) => {
    const committed = readFileSync(new URL(`../../samples/data/${name}`, import.meta.url), 'utf8');
    expect(committed === files.get(name)).toBe(true);
  });

  it('holds about 2,000 rows in four departments', () => {
    const counts = ['support', 'hr', 'clinical'].map((name) => lines(`${name}.jsonl`).length);
    const rows = counts.reduce((sum, count) => sum + count, csvRows.length - 1);
    expect(rows).toBeGreaterThan(1950);
    expect(rows).toBeLessThan(2150);
  });

  it('has copies under ids of their own and near copies', () => {
    const rows = lines('hr.jsonl').map((line) => JSON.parse(line) as Record<string, string>);
    const asked = rows.map(({ instruction = '' }) => instruction);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(rows.length - new Set(asked).size).toBeGreaterThanOrEqual(15);
    const near = rows.filter(({ id = '' }) => id >= 'HR-900016');
    expect(near).toHaveLength(15);
    for (const { instruction = '' } of near) {
      expect(asked.some((text) => text !== instruction && instruction.startsWith(text))).toBe(true);
    }
  });

  it('has rows that are no record', () => {
    const broken = lines('support.jsonl').filter((line) => {
      try {
        JSON.parse(line);
        return false;
      } catch {
        return true;
      }
    });
    expect(broken).toHaveLength(2);
    expect(csvRows.filter(({ length }) => length !== 6)).toHaveLength(2);
  });
});

describe('truth.jsonl', () => {
  const SHAPES: readonly (readonly [TruthRow['type'], RegExp])[] = [
    ['EMAIL_ADDRESS', /^[a-z_.]+\d*@[a-z.]+$/u],
    ['PHONE_NUMBER', /^[+(\d][\d ().-]{9,}$/u],
    ['US_SSN', /^\d{3}-\d{2}-\d{4}$/u],
    ['CREDIT_CARD', /^\d{4}([ -]?)\d{4}\1\d{4}\1\d{4}$/u],
    ['IBAN_CODE', /^[a-z]{2}\d{2}/iu],
    ['STREET_ADDRESS', /^\d{1,3} [a-z]+ [a-z]+$/iu],
    ['LOCATION', /^[a-z]+$/iu],
    ['POSTAL_CODE', /^\d{5}$/u],
    ['DATE_OF_BIRTH', /^\d{2,4}[-/]\d{2}[-/]\d{2,4}$/u],
    ['IP_ADDRESS', /^[\da-f.:]+$/u],
    ['MEDICAL_RECORD_NUMBER', /^\d{8}$/u],
    ['ACCOUNT_NUMBER', /^\d{10}$/u],
    ['PERSON', /^\p{L}[\p{L}\p{M}' -]*$/u],
  ];

  it.each(SHAPES)('%s spans hold one', (type, shape) => {
    const values = ofType(type);
    expect(values.length).toBeGreaterThan(20);
    expect(values.filter((value) => !shape.test(value))).toEqual([]);
  });

  it('covers every type that occurs', () => {
    expect(new Set(truth.map(({ type }) => type))).toEqual(new Set(SHAPES.map(([type]) => type)));
  });

  it('has cards and IBANs with valid checksums', () => {
    expect(ofType('CREDIT_CARD').every(isValidLuhn)).toBe(true);
    expect(ofType('IBAN_CODE').every((value) => isValidIban(value.toUpperCase()))).toBe(true);
  });

  it('has the hard cases', () => {
    const people = planted.filter(({ type }) => type === 'PERSON');
    const some = (test: (span: (typeof people)[number]) => boolean): boolean =>
      people.filter(test).length >= 5;
    expect(some(({ value }) => value === value.toLowerCase() && /^[a-z]/u.test(value))).toBe(true);
    expect(some((span) => textAt(span).startsWith("'s", span.end))).toBe(true);
    expect(some(({ value }) => /\p{Script=Han}|\p{Script=Hangul}/u.test(value))).toBe(true);
    expect(some(({ value }) => /\p{Script=Arabic}|\p{Script=Cyrillic}/u.test(value))).toBe(true);
    expect(some(({ value }) => value !== value.normalize('NFC'))).toBe(true);
    expect(files.get('support.jsonl')).toMatch(/\d{3}-555-\d{4}-\d{2}/u);
    expect(files.get('support.jsonl')).toContain('Grace Holloway sofa');
  });

  it('plants values of the sample pool, and of the holdout pool in holdout.jsonl', () => {
    const use = (file: string): Use => (file === 'holdout.jsonl' ? 'holdout' : 'sample');
    const strangers = planted.filter(
      ({ type, value, file }) => type !== 'PERSON' && poolOf(value) !== use(file),
    );
    expect(strangers).toEqual([]);
  });
});
