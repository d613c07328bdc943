import { expect, test } from 'vitest';
import { withoutTitles } from './titles.js';

function left(text: string, isPlace = false): string {
  const words = [...text.matchAll(/[\p{L}\p{N}]+|\S/gu)].map(({ index, 0: word }) => ({
    start: index,
    end: index + word.length,
    line: 0,
    probabilities: new Float32Array(7),
  }));
  const kept = withoutTitles(text, words, isPlace);
  return text.slice(kept[0]?.start ?? 0, kept.at(-1)?.end ?? 0);
}

test.each([
  ['Frau Özdemir', 'Özdemir'],
  ['Hr. Aalto', 'Aalto'],
  ['Lorna Fitz, LCSW', 'Lorna Fitz'],
  ['Wanjiru Kamau DOB', 'Wanjiru Kamau'],
  ['Mevrouw', ''],
  ['Sra.', ''],
  ['Sehr geehrte', ''],
  ['Fri', ''],
  ['Sehr geehrte Frau Özdemir', 'Özdemir'],
  ['B', ''],
  // Corpora have these as part of the name.
  ['Ms. Onyango', 'Ms. Onyango'],
  ['Ms', ''],
  // Marks and words that belong to the name stay.
  ["O'Neil", "O'Neil"],
  ['J.', 'J.'],
  ['Sunday Oliseh', 'Sunday Oliseh'],
  ['Thu', 'Thu'],
  ['K.', 'K.'],
  ['Dr. Who', 'Dr. Who'],
])('%s: %j', (text, expected) => {
  expect(left(text)).toBe(expected);
});

test('a place keeps what is a credential elsewhere, and is no title', () => {
  expect(left('Bethesda, MD', true)).toBe('Bethesda, MD');
  expect(left('MD', true)).toBe('MD');
  expect(left('Sra.', true)).toBe('');
});
