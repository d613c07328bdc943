import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLines, decodeLinesWith, encodeLines } from './json-lines.js';

const MARK = '"uncertain":true';

describe('decodeLinesWith', () => {
  it('gives the values that have the mark, whatever the texts beside it', () => {
    const value = fc.record({ text: fc.string({ unit: 'grapheme' }), uncertain: fc.boolean() });
    fc.assert(
      fc.property(fc.array(value, { maxLength: 20 }), (values) => {
        const bytes = encodeLines(values);
        expect(decodeLinesWith(bytes, MARK)).toEqual(values.filter(({ uncertain }) => uncertain));
        expect(decodeLines(bytes)).toEqual(values);
      }),
    );
  });

  it.each([
    ['nothing', '', []],
    ['a mark in a text', '{"text":"\\"uncertain\\":true","uncertain":false}\n', []],
    ['a mark twice in a line', '{"a":{"uncertain":true},"uncertain":true}\n{}\n', [0]],
    ['a last line without an end', '{}\n{"uncertain":true}', [1]],
  ])('reads %s', (_, text, lines) => {
    const all = decodeLines(Buffer.from(text));
    expect(decodeLinesWith(Buffer.from(text), MARK)).toEqual(lines.map((at) => all[at]));
  });
});
