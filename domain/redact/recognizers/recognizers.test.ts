import { describe, expect, it } from 'vitest';
import { matchRecognizer } from '../match-recognizer.js';
import { resolveSpans } from '../resolve-spans.js';
import { RECOGNIZERS } from './index.js';

const MIN_SCORE = 0.35;

function valuesIn(text: string, recognizer: (typeof RECOGNIZERS)[number]): string[] {
  const candidates = matchRecognizer(recognizer, text).filter(({ score }) => score >= MIN_SCORE);
  return resolveSpans(text, candidates).map(({ start, end }) => text.slice(start, end));
}

describe.each(RECOGNIZERS)('$name', (recognizer) => {
  it.each(recognizer.matches.map((match) => [...match]))('finds in: %s', (text, ...values) => {
    expect(valuesIn(text, recognizer)).toEqual(values);
  });

  it.each(recognizer.rejects)('finds nothing in: %s', (text) => {
    expect(valuesIn(text, recognizer)).toEqual([]);
  });

  it('has examples of both kinds and names its patterns once', () => {
    expect(recognizer.matches.length).toBeGreaterThan(2);
    expect(recognizer.rejects.length).toBeGreaterThan(2);
    const names = recognizer.patterns.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
