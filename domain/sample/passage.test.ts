import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillTemplate, joinPassages, lowerCasePassage, redactPassage } from './passage.js';

const slots = (value: string) => (name: string) =>
  name === 'plain' ? { text: 'plain' } : { text: value, type: 'PERSON' as const };

describe('passages', () => {
  it('keep every span on its value through joining and lower case', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { maxLength: 5 }),
        (values) => {
          const parts = values.map((value) => fillTemplate('İ 👋🏽 {plain}, {who}!', slots(value)));
          const joined = joinPassages(parts, ' ');
          expect(joined.spans.map(({ start, end }) => joined.text.slice(start, end))).toEqual(
            values,
          );
          const lower = lowerCasePassage(joined);
          expect(lower.text).toHaveLength(joined.text.length);
        },
      ),
    );
  });

  it('redact to a placeholder for each span that is removed', () => {
    const passage = fillTemplate('From {who} to {plain} and {who}.', slots('Ana Novak'));
    expect(redactPassage(passage, () => true)).toBe('From [PERSON] to plain and [PERSON].');
    expect(redactPassage(passage, ({ start }) => start > 10)).toBe(
      'From Ana Novak to plain and [PERSON].',
    );
  });
});
