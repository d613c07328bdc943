import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applySpans } from './actions/write-record.js';
import { resolveSpans } from './resolve-spans.js';
import type { EntityType, Span } from './types.js';

function span(start: number, end: number, score: number, type: EntityType = 'PERSON'): Span {
  const explanation = { pattern: 'p', validator: 'none', context: [] } as const;
  return { start, end, score, type, recognizer: 'r', explanation };
}

const text = 'abcdefghij klmnopqrst';
const short = (spans: readonly Span[]): unknown[] =>
  spans.map(({ start, end, type }) => [start, end, type]);

describe('resolveSpans', () => {
  it.each<[string, Span[], unknown[]]>([
    [
      'apart',
      [span(5, 9, 0.5), span(0, 2, 0.9)],
      [
        [0, 2, 'PERSON'],
        [5, 9, 'PERSON'],
      ],
    ],
    ['the same range: the surer', [span(0, 4, 0.5), span(0, 4, 0.9, 'URL')], [[0, 4, 'URL']]],
    ['nested: the longer swallows', [span(2, 4, 0.9), span(0, 9, 0.6, 'URL')], [[0, 9, 'URL']]],
    [
      'nested: not when much less sure',
      [span(2, 4, 0.95), span(0, 9, 0.4, 'URL')],
      [
        [0, 2, 'URL'],
        [2, 4, 'PERSON'],
        [4, 9, 'URL'],
      ],
    ],
    [
      'crossing: the rest of the loser stays covered',
      [span(0, 5, 0.9), span(3, 9, 0.5, 'URL')],
      [
        [0, 5, 'PERSON'],
        [5, 9, 'URL'],
      ],
    ],
    [
      'crossing: a rest without letters goes',
      [span(0, 10, 0.9), span(8, 11, 0.5, 'URL')],
      [[0, 10, 'PERSON']],
    ],
  ])('%s', (_, spans, expected) => {
    expect(short(resolveSpans(text, spans))).toEqual(expected);
  });

  it('widens a span that would split a surrogate pair', () => {
    expect(short(resolveSpans('a𝄞b', [span(2, 4, 0.9)]))).toEqual([[1, 4, 'PERSON']]);
    expect(short(resolveSpans('a𝄞b', [span(0, 2, 0.9)]))).toEqual([[0, 3, 'PERSON']]);
  });

  const spans = fc
    .array(
      fc.tuple(
        fc.nat(19),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom<EntityType>('PERSON', 'URL', 'SECRET'),
      ),
      { maxLength: 9 },
    )
    .map((list) =>
      list.map(([start, size, score, type]) =>
        span(start, Math.min(21, start + size), score / 10, type),
      ),
    );

  it('covers every letter that a candidate covered, whatever the order', () => {
    fc.assert(
      fc.property(spans, fc.infiniteStream(fc.nat()), (candidates, order) => {
        const resolved = resolveSpans(text, candidates);
        const covered = (list: readonly Span[], at: number): boolean =>
          list.some(({ start, end }) => start <= at && at < end);
        for (let at = 0; at < text.length; at += 1) {
          if (text.charAt(at) !== ' ') expect(covered(resolved, at)).toBe(covered(candidates, at));
        }
        const shuffled = candidates
          .map((item) => ({ item, key: order.next().value as number }))
          .sort((a, b) => a.key - b.key);
        expect(
          resolveSpans(
            text,
            shuffled.map(({ item }) => item),
          ),
        ).toEqual(resolved);
      }),
    );
  });
});

describe('applySpans', () => {
  it('writes placeholders and leaves what is kept', () => {
    const spans = [span(0, 3, 1), span(4, 6, 1, 'URL')];
    expect(applySpans('abc def', spans, (type) => (type === 'URL' ? 'keep' : 'placeholder'))).toBe(
      '[PERSON] def',
    );
  });

  it.each([
    ['overlapping', [span(0, 3, 1), span(2, 5, 1)]],
    ['out of order', [span(4, 5, 1), span(0, 1, 1)]],
    ['empty', [span(2, 2, 1)]],
    ['beyond the end', [span(0, 99, 1)]],
  ])('refuses spans that are %s', (_, spans) => {
    expect(() => applySpans(text, spans, () => 'placeholder')).toThrow(
      expect.objectContaining({ code: 'SPANS_INVALID' }),
    );
  });
});
