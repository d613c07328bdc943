import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { pageOf, wrapText } from './review-layout.js';

const plain = (text: string): string => text.replaceAll(/\u001B\[[\d;]*m/g, '');

describe('wrapText', () => {
  test.each([
    ['at spaces', 'one two three', 8, ['one two ', 'three']],
    ['inside of a word that has none', 'abcdefgh', 3, ['abc', 'def', 'gh']],
    ['lines of their own', 'a\n\nb', 5, ['a', '', 'b']],
    ['wide characters by the room they take', '\u6F22\u5B57\u6F22', 4, ['\u6F22\u5B57', '\u6F22']],
    ['a terminal of one column', '\u6F22a', 1, ['\u6F22', 'a']],
  ])('breaks %s', (_name, text, columns, lines) => {
    expect(wrapText(text, columns)).toEqual(lines);
  });

  it('ends a style with its line and takes it up on the next', () => {
    expect(wrapText('\u001B[1mone two\u001B[0m x', 4)).toEqual([
      '\u001B[1mone \u001B[0m',
      '\u001B[1mtwo\u001B[0m ',
      'x',
    ]);
  });

  it('loses nothing and keeps within the columns', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ' ', 'bc', '\n', '\u001B[1m', '\u001B[0m') }),
        fc.integer({ min: 1, max: 9 }),
        (text, columns) => {
          const lines = wrapText(text, columns);
          expect(plain(lines.join(''))).toBe(plain(text).replaceAll('\n', ''));
          expect(lines.every((line) => plain(line).length <= columns)).toBe(true);
        },
      ),
    );
  });
});

test('pageOf shows every line once, and stays on the last page', () => {
  const lines = ['a', 'b', 'c', 'd', 'e'];
  expect([0, 1, 2, 9].map((page) => pageOf(lines, 2, page).lines)).toEqual([
    ['a', 'b'],
    ['c', 'd'],
    ['e'],
    ['e'],
  ]);
  expect(pageOf([], 2, 0)).toMatchObject({ pages: 1, lines: [] });
});
