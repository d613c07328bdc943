import { describe, expect, it } from 'vitest';
import { compileRecognizers } from '../compile-recognizers.js';
import { matchRecognizer } from '../match-recognizer.js';
import { resolveSpans } from '../resolve-spans.js';
import type { Span } from '../types.js';
import { RECOGNIZERS } from './index.js';

const MIN_SCORE = 0.35;

function valuesIn(text: string, spans: readonly Span[]): string[] {
  const candidates = spans.filter(({ score }) => score >= MIN_SCORE);
  return resolveSpans(text, candidates).map(({ start, end }) => text.slice(start, end));
}

describe.each(RECOGNIZERS)('$name', (recognizer) => {
  const find = compileRecognizers([recognizer]);

  it.each(recognizer.matches.map((match) => [...match]))('finds in: %s', (text, ...values) => {
    expect(valuesIn(text, find(text))).toEqual(values);
  });

  it.each(recognizer.rejects)('finds nothing in: %s', (text) => {
    expect(valuesIn(text, find(text))).toEqual([]);
  });

  it('has examples of both kinds and names its patterns once', () => {
    expect(recognizer.matches.length).toBeGreaterThan(2);
    expect(recognizer.rejects.length).toBeGreaterThan(2);
    const names = recognizer.patterns.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('finds by its anchors what a search of the whole text finds', () => {
    const texts = RECOGNIZERS.flatMap(({ matches, rejects }) => [
      ...matches.map(([text]) => text),
      ...rejects,
    ]);
    const searches = recognizer.patterns.filter((pattern) => 'regex' in pattern);
    const findSearched = compileRecognizers([{ ...recognizer, patterns: searches }]);
    const order = (spans: readonly Span[]): string[] =>
      spans.map((span) => JSON.stringify(span)).sort();
    for (const text of [...texts, texts.join('\n'), texts.join(' ')]) {
      expect([text, order(findSearched(text))]).toEqual([
        text,
        order(matchRecognizer(recognizer, text)),
      ]);
    }
  });
});
