import { describe, expect, it } from 'vitest';
import { findRepeats } from './consistency.js';
import type { EntityType, Span } from './types.js';

/** The values found again in `text`, after `value` was found in the first one. */
function again(value: string, type: EntityType, text: string, score = 0.9): string[] {
  const explanation = { pattern: 'test', validator: 'none', context: [] } as const;
  const known: Span = { start: 0, end: value.length, type, score, recognizer: 'test', explanation };
  const [, spans = []] = findRepeats([value, text], [[known], []]);
  return spans.map(({ start, end }) => text.slice(start, end));
}

describe('findRepeats', () => {
  it.each([
    ['a value', 'Ada Obi', 'PERSON', 'call Ada Obi now', ['Ada Obi']],
    ['the parts of a name', 'Priya Raghavan', 'PERSON', 'Priya; Raghavan', ['Priya', 'Raghavan']],
    ['a possessive', 'Priya Raghavan', 'PERSON', 'Raghavan’s desk', ['Raghavan']],
    ['a family', 'Emeka Okafor', 'PERSON', 'the Okafors came', ['Okafors']],
    ['other case', 'Emeka Okafor', 'PERSON', 'EMEKA OKAFOR; okafor', ['EMEKA OKAFOR', 'okafor']],
    ['no word inside another', 'Emeka Okafor', 'PERSON', 'Okaforia, xOkafor', []],
    ['no common word', 'Will Mark', 'PERSON', 'will you mark it', []],
    ['a place', 'Springfield', 'LOCATION', 'to springfield', ['springfield']],
    ['no part of an organization', 'Acme Widget Corp', 'ORGANIZATION', 'a widget', []],
    ['a number without its cue', '48213377', 'ACCOUNT_NUMBER', 'so 48213377 it is', ['48213377']],
    ['no short number', '4821', 'ACCOUNT_NUMBER', 'so 4821 it is', []],
    ['a handle', 'sven', 'USERNAME', '[9:14] sven: hi @sven\nsven> so', ['sven', 'sven', 'sven']],
    ['no word that a handle could be', 'sven', 'USERNAME', 'hi sven: so, as sven said', []],
    ['no longer number', '48213377', 'ACCOUNT_NUMBER', '482133778', []],
  ] as const)('finds %s', (_, value, type, text, expected) => {
    expect(again(value, type, text)).toEqual(expected);
  });

  it('repeats nothing that it is unsure of', () => {
    expect(again('Ada Obi', 'PERSON', 'call Ada Obi now', 0.5)).toEqual([]);
  });
});
