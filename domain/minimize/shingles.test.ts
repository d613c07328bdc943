import fc from 'fast-check';
import { expect, it } from 'vitest';
import { normalizedText } from './shingles.js';

/** The rule itself, without the looks that spare most texts its work. */
const rule = (content: string): string =>
  content.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();

const spaces = fc.constantFrom(' ', '  ', '\n', '\t', '\r\n', '\u00a0', '\u2003', '\ufeff');
const pieces = fc.oneof(spaces, fc.string({ maxLength: 4 }), fc.string({ unit: 'binary' }));

it('normalizes every content by one rule, even or not, ASCII or not', () => {
  fc.assert(
    fc.property(fc.array(pieces), (parts) => {
      const content = parts.join('');
      const record = { id: 'a', messages: [{ role: 'user' as const, content }] };
      expect(normalizedText(record)).toBe(`user\u001f${rule(content)}`);
    }),
  );
});

it.each([
  ['Plain words', 'plain words'],
  ['  two  spaces ', 'two spaces'],
  ['a\nline\tend', 'a line end'],
  ['\ufb01ne \u2460', 'fine 1'],
  ['\u0130', 'i\u0307'],
])('normalizes %j', (content, expected) => {
  const record = { id: 'a', messages: [{ role: 'user' as const, content }] };
  expect(normalizedText(record)).toBe(`user\u001f${expected}`);
});
