import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applySpans } from './actions/write-record.js';
import { fitToJson } from './json-texts.js';
import type { Span } from './types.js';

const spanOf = (start: number, end: number): Span => ({
  start,
  end,
  type: 'PERSON',
  score: 1,
  recognizer: 'test',
  explanation: { pattern: 'test', validator: 'none', context: [] },
});

/** `text` redacted where « and » mark a span. */
function redact(marked: string): string {
  const start = marked.indexOf('«');
  const text = marked.replace(/[«»]/g, '');
  const spans = fitToJson(text, [spanOf(start, marked.indexOf('»') - 1)]);
  return applySpans(text, spans, () => 'placeholder');
}

describe('fitToJson', () => {
  it.each([
    ['{"name":"«Jane Roe»"}', '{"name":"[PERSON]"}'],
    ['{"a":"x «Jane","b":"Roe» y"}', '{"a":"x [PERSON]","[PERSON]":"[PERSON] y"}'],
    ['{"ssn": 1234«56789»}', '{"ssn": "[PERSON]"}'],
    ['[1, «2», 3]', '[1, "[PERSON]", 3]'],
    [String.raw`{"a":"Dear\«nJane» Roe"}`, String.raw`{"a":"Dear\n[PERSON] Roe"}`],
    [String.raw`{"a":"Ren\u00«e9e» Roe"}`, '{"a":"Ren[PERSON] Roe"}'],
    ['no JSON: "«Jane", "Roe»"', 'no JSON: "[PERSON]"'],
    ['{"broken": «1»', '{"broken": [PERSON]'],
  ])('%s', (marked, expected) => {
    expect(redact(marked)).toBe(expected);
  });

  it('keeps any document one, whatever is removed', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), fc.nat(), fc.nat(), (json, from, length) => {
        const text = `[${json}]`;
        const start = from % text.length;
        const end = Math.min(text.length, start + 1 + (length % 12));
        const spans = fitToJson(text, [spanOf(start, end)]);
        expect(() => {
          JSON.parse(applySpans(text, spans, () => 'placeholder'));
        }).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });
});
