import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Action, EntityType, Span } from '../types.js';
import { applySpans, writeRecord } from './write-record.js';

const KEY = new Uint8Array(32).fill(7);
const SECRET = { key: KEY, owner: 'record 1' };

/** Spans of the values in a text, from left to right. */
function spansOf(text: string, ...values: readonly (readonly [string, EntityType])[]): Span[] {
  let from = 0;
  return values.map(([value, type]) => {
    const start = text.indexOf(value, from);
    expect(start).toBeGreaterThanOrEqual(0);
    from = start + value.length;
    const explanation = { pattern: 'test', validator: 'none', context: [] } as const;
    return { start, end: from, type, score: 1, recognizer: 'test', explanation };
  });
}

/** One value written by an action. */
function written(value: string, type: EntityType, action: Action, secret = SECRET): string {
  return applySpans(value, spansOf(value, [value, type]), () => action, secret);
}

describe('mask', () => {
  it.each([
    ['123-45-6789', 'US_SSN', 'mask', '***-**-6789'],
    ['4111 1111 1111 1111', 'CREDIT_CARD', { action: 'mask', keep: 4 }, '**** **** **** 1111'],
    ['4111 1111', 'CREDIT_CARD', { action: 'mask', side: 'start' }, '4111 ****'],
    ['123', 'ACCOUNT_NUMBER', { action: 'mask', keep: 12 }, '**3'],
    ['Zo\u0308e', 'PERSON', { action: 'mask', keep: 2 }, '**e'],
    ['𝟏𝟐𝟑𝟒', 'ACCOUNT_NUMBER', { action: 'mask', keep: 2 }, '**𝟑𝟒'],
  ] as const)('%s as %s', (value, type, action, expected) => {
    expect(written(value, type, action)).toBe(expected);
  });
});

describe('generalize', () => {
  it.each([
    ['12 May 1980', 'DATE_OF_BIRTH', 'generalize', '1980'],
    ['03/12/85', 'DATE_OF_BIRTH', 'generalize', '1985'],
    ['1985-03-12', 'DATE_OF_BIRTH', { action: 'generalize', birthYearFrom: 1990 }, 'before 1990'],
    ['March 1931', 'DATE_OF_BIRTH', 'generalize', 'before 1950'],
    ['12 mai 1980', 'DATE_OF_BIRTH', 'generalize', '1980'],
    ['tomorrow', 'DATE_OF_BIRTH', 'generalize', '[DATE_OF_BIRTH]'],
    ['02139', 'POSTAL_CODE', 'generalize', '021'],
    ['02139-4307', 'POSTAL_CODE', 'generalize', '021'],
    ['03601', 'POSTAL_CODE', 'generalize', '000'],
    ['89310', 'POSTAL_CODE', 'generalize', '000'],
    ['SW1A 1AA', 'POSTAL_CODE', 'generalize', '[POSTAL_CODE]'],
    ['203.0.113.77', 'IP_ADDRESS', 'generalize', '203.0.113.0/24'],
    ['10.1.2.3/16', 'IP_ADDRESS', 'generalize', '10.1.2.0/24'],
    ['2001:db8:7:8::9', 'IP_ADDRESS', 'generalize', '2001:db8:7::/48'],
    ['::ffff:203.0.113.7', 'IP_ADDRESS', 'generalize', '[IP_ADDRESS]'],
    ['45', 'AGE', 'generalize', '40-49'],
    ['93 years old', 'AGE', 'generalize', '90+'],
    ['89', 'AGE', { action: 'generalize', ageBandYears: 7 }, '84-89'],
    ['48.85661, 2.35222', 'COORDINATES', 'generalize', '48.9, 2.4'],
    ['48.85661, -2.35222', 'COORDINATES', { action: 'generalize', decimals: 0 }, '49, -2'],
    ['48°51′24″N', 'COORDINATES', 'generalize', '[COORDINATES]'],
  ] as const)('%s as %s, %j', (value, type, action, expected) => {
    expect(written(value, type as EntityType, action)).toBe(expected);
  });
});

describe('numbered', () => {
  const texts = ['John Doe met Jane Roe. Doe left; the Does stayed.', 'JOHN DOE, john@a.example'];
  const found = [
    spansOf(
      texts[0] ?? '',
      ['John Doe', 'PERSON'],
      ['Jane Roe', 'PERSON'],
      ['Doe', 'PERSON'],
      ['Does', 'PERSON'],
    ),
    spansOf(texts[1] ?? '', ['JOHN DOE', 'PERSON'], ['john@a.example', 'EMAIL_ADDRESS']),
  ];

  it('counts equal values and parts of one name as one in a record', () => {
    expect(writeRecord(texts, found, () => 'numbered').map(({ text }) => text)).toEqual([
      '[PERSON_1] met [PERSON_2]. [PERSON_1] left; the [PERSON_1] stayed.',
      '[PERSON_1], [EMAIL_ADDRESS_1]',
    ]);
  });

  it('leaves a part of two names by itself', () => {
    const text = 'John Doe, Jane Doe, Doe';
    const spans = spansOf(text, ['John Doe', 'PERSON'], ['Jane Doe', 'PERSON'], ['Doe', 'PERSON']);
    expect(applySpans(text, spans, () => 'numbered')).toBe('[PERSON_1], [PERSON_2], [PERSON_3]');
  });

  it('has one label in a dataset, whatever the record, and another in another dataset', () => {
    const action = { action: 'numbered', scope: 'dataset' } as const;
    const label = written('John Doe', 'PERSON', action);
    expect(label).toMatch(/^\[PERSON_[0-9A-HJKMNP-TV-Z]{12}\]$/);
    expect(written('john  doe', 'PERSON', action, { ...SECRET, owner: 'record 2' })).toBe(label);
    expect(written('John Do', 'PERSON', action)).not.toBe(label);
    expect(written('John Doe', 'PERSON', action, { ...SECRET, key: new Uint8Array(32) })).not.toBe(
      label,
    );
  });

  it('needs the key of the dataset for that', () => {
    const spans = spansOf('Doe', ['Doe', 'PERSON']);
    const action = { action: 'numbered', scope: 'dataset' } as const;
    expect(() => applySpans('Doe', spans, () => action)).toThrow(
      expect.objectContaining({ code: 'KEY_MISSING' }),
    );
    expect(() => applySpans('Doe', spans, () => 'pseudonym')).toThrow(
      expect.objectContaining({ code: 'KEY_MISSING' }),
    );
  });
});

describe('writing a record', () => {
  it('keeps JSON valid and its numbers numbers', () => {
    const text = String.raw`{"n":"Jos\u00e9 \"Pepe\" Roe","id":4711001,"x":1}`;
    const spans = spansOf(
      text,
      [String.raw`Jos\u00e9 \"Pepe\" Roe`, 'PERSON'],
      ['4711001', 'ACCOUNT_NUMBER'],
    );
    const marked = [
      { ...(spans[0] as Span), escaped: true as const },
      { ...(spans[1] as Span), quoted: true as const },
    ];
    const write = (action: Action) =>
      JSON.parse(applySpans(text, marked, () => action, SECRET)) as Record<string, unknown>;
    expect(write('placeholder')).toEqual({ n: '[PERSON]', id: '[ACCOUNT_NUMBER]', x: 1 });
    expect(write('mask')).toEqual({ n: '**** "***e" Roe', id: '****001', x: 1 });
    const { n, id } = write('pseudonym') as { n: string; id: number };
    expect(n).toMatch(/^[A-Z][a-z]+ "[A-Z][a-z]+" [A-Z][a-z]+$/);
    expect(String(id)).toMatch(/^[1-9]\d{6}$/);
    expect(JSON.parse(applySpans(text, marked, () => 'keep'))).toEqual(JSON.parse(text));
  });

  const actions: readonly Action[] = ['placeholder', 'numbered', 'pseudonym', 'mask', 'keep'];
  const arbitrary = fc
    .tuple(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
      fc.constantFrom(...actions),
    )
    .chain(([text, action]) =>
      fc
        .uniqueArray(fc.nat(text.length), { maxLength: 8 })
        .map((cuts) => ({ text, action, cuts: cuts.sort((a, b) => a - b) })),
    );

  it('leaves everything outside of spans byte for byte, and says where what it wrote stands', () => {
    fc.assert(
      fc.property(arbitrary, ({ text, action, cuts }) => {
        const spans = cuts.flatMap((start, at): Span[] => {
          const end = cuts[at + 1];
          const explanation = { pattern: 'test', validator: 'none', context: [] } as const;
          return end === undefined || at % 2 === 1
            ? []
            : [{ start, end, type: 'PERSON', score: 1, recognizer: 'test', explanation }];
        });
        const [out] = writeRecord([text], [spans], () => action, SECRET);
        const gaps = (whole: string, ranges: readonly { start: number; end: number }[]) =>
          [...ranges, { start: whole.length, end: 0 }].map(({ start }, at) =>
            whole.slice(ranges[at - 1]?.end ?? 0, start),
          );
        expect(gaps(out?.text ?? '', out?.places ?? [])).toEqual(gaps(text, spans));
      }),
    );
  });
});
