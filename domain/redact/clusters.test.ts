import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterAround } from './clusters.js';
import { codePointOffsets, utf16Offsets } from './offsets.js';

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const texts = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'a',
        ' ',
        'e\u0301',
        '\u0301',
        '👋🏽',
        '👨‍👩‍👧',
        '🇩🇪',
        '🇺🇸',
        '각',
        'क्षि',
        '\u200d',
        '𝒜',
        '❤️',
      ),
      fc.string({ unit: 'grapheme', maxLength: 2 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join('').replaceAll('\r', ''));

describe('clusterAround', () => {
  it('agrees with a segmentation of the whole text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const segments = segmenter.segment(text);
        for (let at = 1; at < text.length; at += 1) {
          const whole = segments.containing(at);
          const start = whole?.index ?? at;
          const isCut = start < at;
          const expected = isCut
            ? { start, end: start + (whole?.segment.length ?? 0) }
            : { start: at, end: at };
          expect(clusterAround(text, at)).toEqual(expected);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['a pair', '𝒜', 1, 0, 2],
    ['a letter and its mark', 'xe\u0301y', 2, 1, 3],
    ['more marks than are near', `e${'\u0301'.repeat(200)}x`, 150, 0, 201],
    ['flags', '🇩🇪'.repeat(40), 42, 40, 44],
    ['nothing between flags', '🇩🇪'.repeat(40), 44, 44, 44],
    ['nothing in a line end', 'a\r\nb', 2, 2, 2],
  ] as const)('finds %s', (_, text, at, start, end) => {
    expect(clusterAround(text, at)).toEqual({ start, end });
  });
});

describe('offsets', () => {
  it('in code points are what counting says, and lead back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const starts = [0];
        for (const point of text) starts.push((starts.at(-1) ?? 0) + point.length);
        const points = codePointOffsets(text, starts);
        expect(starts.map((start) => points.get(start))).toEqual(starts.map((_, at) => at));
        const units = utf16Offsets(
          text,
          starts.map((_, at) => at),
        );
        expect(starts.map((_, at) => units.get(at))).toEqual(starts);
      }),
    );
  });

  it('inside a pair count as its start', () => {
    expect(codePointOffsets('a𝒜b', [2, 4]).get(2)).toBe(1);
    expect(codePointOffsets('a\ud835b', [2]).get(2)).toBe(2);
  });
});
