import { describe, expect, it } from 'vitest';
import { findNames } from '../find-names.js';
import { rangeOf, readNames } from './compromise-names.js';

describe('readNames', () => {
  it.each([
    '“John Doe”, she wrote (to Angela Merkel’s aide).',
    "Merkel's car; I'm sure it isn't John Doe's.",
    '\n\n  - John Doe…   (Berlin)\t\n\nActs 12 — ok?',
    '👋🏽 John, 张敏 and José!',
    'No end',
    'Angela Merkel met John Doe. '.repeat(400),
    'John '.repeat(3000),
    'x'.repeat(9001),
    '…',
    ' ',
    '',
  ])('places every term where it is: %j', (text) => {
    const { sentences } = readNames(text);
    for (const { start, end, text: word } of sentences.flat())
      expect(text.slice(start, end)).toBe(word);
    const letters = (value: string): string => value.replace(/[^\p{L}\p{N}]/gu, '');
    expect(
      letters(
        sentences
          .flat()
          .map((term) => term.text)
          .join(''),
      ),
    ).toBe(letters(text));
  });
});

describe('rangeOf', () => {
  it('leaves out a possessive ending and outer punctuation', () => {
    const text = 'So “John Doe’s” it is.';
    const { names } = readNames(text);
    const range = rangeOf(text, names.find(({ type }) => type === 'PERSON')?.terms ?? []);
    expect(text.slice(range?.start, range?.end)).toMatch(/^John( Doe)?$/);
  });
});

describe('findNames', () => {
  it.each<[string, [string, string][]]>([
    [
      "I met Angela Merkel's aide in Berlin.",
      [
        ['Angela Merkel', 'PERSON'],
        ['Berlin', 'LOCATION'],
      ],
    ],
    ['We spoke with President Vladimir Putin.', [['Vladimir Putin', 'PERSON']]],
    ['Then Oluwaseun Zzyx left.', [['Oluwaseun Zzyx', 'PERSON']]],
    ['The IBAN and the SYUTHD project are late.', []],
    ['Please reset my Monday password.', []],
  ])('%s', (text, expected) => {
    const found = findNames(text).filter(({ score }) => score >= 0.35);
    expect(found.map(({ start, end, type }) => [text.slice(start, end), type])).toEqual(expected);
  });
});
