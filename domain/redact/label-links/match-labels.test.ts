import { describe, expect, it } from 'vitest';
import { compileRecognizers } from '../compile-recognizers.js';
import { besideLabel } from '../recognizers/labelled.js';
import type { Recognizer } from '../types.js';

const recognizer = (name: string, labels: readonly string[], value: string): Recognizer => ({
  name,
  type: 'ACCOUNT_NUMBER',
  patterns: besideLabel(labels, value, { score: 0.9 }),
  matches: [],
  rejects: [],
});

const matter = recognizer('matter', ['matter', 'matter file'], String.raw`[A-Z]{2}\d{4}`);
/** A common word: it needs a sign, a kind or a verb. */
const customer = recognizer('customer', ['customer'], String.raw`[A-Z]{2}\d{4}`);
const find = compileRecognizers([matter, customer]);
const valuesIn = (text: string): string[] =>
  find(text).map(({ start, end }) => text.slice(start, end));

describe('a value behind its label', () => {
  it.each([
    'Matter: AB1281',
    'matter no. AB1281',
    'MATTER #AB1281',
    'matter file number is AB1281.',
    '"matterFile":"AB1281"',
    '{"name": "matter_file", "value": "AB1281"}',
    'oldMatterValue = "AB1281"',
    'matter_old=AB1281&x=1',
    '<matter id="x">AB1281</matter>',
    'Matter ........ AB1281',
    'Matter . . . . : AB1281',
    '**Matter:** `AB1281`',
    'Matter (as printed on the card): AB1281',
    'Matter:\n\n  AB1281',
    'the matter that you wrote about in May is AB1281',
    'Your matter, AB1281, is closed',
    'A: Can I take the matter?\nB: Of course. AB1281.',
    'lena: whats the matter file\nmei: AB1281',
    'It names the matter. It says AB1281.',
    'the customer is AB1281',
    'customer number AB1281',
    'customer: AB1281',
    '{"oldMATTERValue":"AB1281"}',
    '{"caseMATTER":"AB1281"}',
    'MATTERValue=AB1281',
    'matter: 😀 AB1281',
    'Matter\u00a0file\u00a0No.: AB1281',
    '“customer ID” → AB1281',
  ])('is found: %j', (text) => {
    expect(valuesIn(text)).toEqual(['AB1281']);
  });

  it.each([
    ['no label', 'AB1281'],
    ['the label is part of a word', 'antimatter AB1281 matterhorn AB1281'],
    ['the value goes on', 'matter: AB12812, matter: AB1281_x'],
    ['a common word without a sign', 'the customer in town has AB1281'],
    ['a comma behind a common word', 'the customer, by the way, AB1281'],
    ['the label of something else stands between', 'the matter of order AB1281'],
    ['an empty line and another text', 'that matter\n\n\n\n\nAB1281'],
    ['two sentences later', 'It does matter. Nobody knew. It was AB1281'],
    ['a sum of money', 'the matter cost $ 1281 for AB1281'],
    ['the bound of a number', 'a matter may have at most AB1281'],
    ['too many words', `the matter ${'and so on '.repeat(12)}AB1281`],
    ['farther than a sentence is long', `the matter${' '.repeat(400)}x: AB1281`],
  ])('is not found: %s', (_, text) => {
    expect(valuesIn(text)).toEqual([]);
  });

  it('scores less over words that tell something of their own', () => {
    const [near, far] = ['matter is AB1281', 'the matter of which we spoke is AB1281'].map(
      (text) => find(text)[0]?.score,
    );
    expect([near, far]).toEqual([0.9, 0.75]);
  });

  it.each([
    ['matter numbers AB1281, CD3456 and EF7890 are open', ['AB1281', 'CD3456', 'EF7890']],
    ['matters: AB1281; CD3456', ['AB1281', 'CD3456']],
    ['{"matters":["AB1281"]}, AB1282', ['AB1281']],
    ['matter AB1281, and so on to CD3456', ['AB1281']],
    ['matter AB1281. CD3456', ['AB1281']],
  ])('is one of a list where others written alike follow: %j', (text, values) => {
    expect(valuesIn(text)).toEqual(values);
  });

  it('belongs to the nearer of two labels', () => {
    const [span] = find('matter or customer number: AB1281');
    expect(span?.recognizer).toBe('customer');
  });

  it('is no number alone behind a common word in the plural', () => {
    const client = compileRecognizers([
      recognizer('client', ['client'], String.raw`[A-Z]?\d{4,8}`),
    ]);
    const taken = (text: string): string[] =>
      client(text).map(({ start, end }) => text.slice(start, end));
    expect(taken('Clients: 10200')).toEqual([]);
    expect(taken('Year;Clients\n2019;12000\n2020;13000')).toEqual([]);
    expect(taken('Clients: 10200, 10201')).toEqual(['10200', '10201']);
    expect(taken('Clients: 48291377')).toEqual(['48291377']);
    expect(taken('Clients: C10200')).toEqual(['C10200']);
    expect(taken('Client: 10200')).toEqual(['10200']);
    expect(taken('Client numbers: 10200')).toEqual(['10200']);
  });

  it('does not take a count or a measure', () => {
    const seat = compileRecognizers([
      recognizer('seat', ['seat'], String.raw`\d{2,5}(?:cm)?(?!\p{L})`),
    ]);
    expect(seat('Seat: 2500 people')).toEqual([]);
    expect(seat('the seat is 120cm wide')).toEqual([]);
    expect(seat('Seat: 2500').length).toBe(1);
    expect(seat('Seat: 45 years').length).toBe(1);
  });

  it('does not take a count for an answer', () => {
    const age = compileRecognizers([recognizer('seat', ['seat'], String.raw`\d{1,3}`)]);
    expect(age('the seat that we had for 12 days')).toEqual([]);
    expect(age('the seat that we had was 12').length).toBe(1);
  });
});

describe('a value that needs a link', () => {
  const code = compileRecognizers([
    {
      ...recognizer('code', [], ''),
      patterns: besideLabel(['door code', '密码'], String.raw`\d{4}`, {
        score: 0.9,
        needs: 'link',
      }),
    },
  ]);

  it.each([
    ['door code: 4471', 1],
    ['the door code is 4471', 1],
    ['the door code that you asked for is 4471', 1],
    ['Door code;Note\n4471;x', 1],
    ['密码：4471', 1],
    ['密码是4471', 1],
    ['door code 4471', 0],
    ['the door code of 4471', 0],
    ['密码 4471', 0],
  ])('is found behind a sign or a verb alone: %j', (text, count) => {
    expect(code(text)).toHaveLength(count);
  });
});

describe('a value before its label', () => {
  it.each([
    'AB1281 is my matter',
    'they gave AB1281 as the matter',
    'AB1281 (matter)',
    '"AB1281" [matter file]',
    'AB1281, that is the customer',
  ])('is found: %j', (text) => {
    expect(valuesIn(text)).toEqual(['AB1281']);
  });

  it.each(['AB1281 does matter', 'AB1281\n(matter)', 'AB1281 and the matter'])(
    'is not found: %j',
    (text) => {
      expect(valuesIn(text)).toEqual([]);
    },
  );

  it('is the one of two numbers whose signs are alike', () => {
    const line = compileRecognizers([
      recognizer('line', ['line'], String.raw`\d{3,4}(?:[ -]\d{3,4}){1,3}`),
    ]);
    const text = '3889 713-853-3989 (line)';
    expect(line(text).map(({ start, end }) => text.slice(start, end))).toEqual(['713-853-3989']);
  });
});

describe('the values below a label in the head of a table', () => {
  it.each([
    [
      'Markdown',
      '| State | Matter | Note |\n| --- | :-: | --- |\n| open | AB1281 | - |\n| shut | CD3456 | - |',
    ],
    ['semicolons', 'State;Matter;Note\r\nopen;AB1281;\r\nshut;CD3456;x\r\n'],
    ['commas and quotes', 'State,"Matter",Note\n"open, since May",AB1281,\nshut,"CD3456",x'],
    ['tabs', 'State\tmatter_file\n open\tAB1281\nshut\tCD3456\n\nThe end'],
    ['a mail', '> State | Matter\n> open | AB1281\n> shut | CD3456\n> \n> Regards'],
    [
      'SQL',
      "INSERT INTO matter (state, matter, made) VALUES ('open, or (so)', 'AB1281', NOW()), ('it''s shut', 'CD3456', NULL);",
    ],
  ])('are found: %s', (_, text) => {
    expect(valuesIn(text)).toEqual(['AB1281', 'CD3456']);
  });

  it('are those of its column alone, though the next cells are written alike', () => {
    expect(valuesIn('Matter,Other\nAB1281,CD3456\nEF7890,GH1234')).toEqual(['AB1281', 'EF7890']);
  });

  it('belong to the first four labels of a head that holds more', () => {
    const head = (labels: number): string =>
      `State;${'customer '.repeat(labels - 1)}matter\nopen;AB1281`;
    const recognizersOf = (labels: number): string[] =>
      find(head(labels)).map((span) => span.recognizer);
    expect(recognizersOf(4)).toEqual(['customer', 'customer', 'customer', 'matter']);
    expect(recognizersOf(5)).toEqual(['customer', 'customer', 'customer', 'customer']);
  });

  it.each([
    ['another column', 'State;Matter;Note\nAB1281;;x'],
    ['a cell with more in it', 'State;Matter\nopen;AB1281 and so on'],
    ['another list', "INSERT INTO t (state, matter) VALUES ('AB1281', 'none')"],
    ['a tuple of another length', "INSERT INTO t (state, matter) VALUES ('open', 'x', 'AB1281')"],
  ])('are not found: %s', (_, text) => {
    expect(valuesIn(text)).toEqual([]);
  });
});
