import { describe, expect, it } from 'vitest';
import type { Span } from '../types.js';
import { withLegalForms } from './legal-forms.js';

/** `{PERSON|Kern} GmbH`: the names of the text, as they are with legal forms. */
function formsOf(marked: string): string[] {
  const spans: Span[] = [];
  let [text, at] = ['', 0];
  for (const { 0: whole, 1: type = '', 2: value = '', index } of marked.matchAll(
    /\{(PERSON|LOCATION|ORGANIZATION)\|([^}]+)\}/g,
  )) {
    text += marked.slice(at, index);
    at = index + whole.length;
    const explanation = { pattern: 'test', validator: 'none', context: [] } as const;
    spans.push({
      ...{ start: text.length, end: text.length + value.length, type: type as Span['type'] },
      ...{ score: 0.9, recognizer: 'test', explanation },
    });
    text += value;
  }
  text += marked.slice(at);
  return withLegalForms(text, spans).map(
    ({ type, start, end }) => `${type} ${text.slice(start, end)}`,
  );
}

describe('withLegalForms', () => {
  it.each([
    ['at {PERSON|Kern} GmbH.', 'ORGANIZATION Kern GmbH'],
    ['{PERSON|Sjölund AB} said', 'ORGANIZATION Sjölund AB'],
    ['{LOCATION|Olesen A/S}', 'ORGANIZATION Olesen A/S'],
    ['{PERSON|Geiger} & Söhne', 'ORGANIZATION Geiger & Söhne'],
    ['{PERSON|Mortensen} & {PERSON|Søn} A/S', 'ORGANIZATION Mortensen & Søn A/S'],
    ['{PERSON|Šťastná s.r.o} is', 'ORGANIZATION Šťastná s.r.o'],
    ['{PERSON|Kokorić} d.o.o. is', 'ORGANIZATION Kokorić d.o.o.'],
    ['{ORGANIZATION|Acme}, Inc. said', 'ORGANIZATION Acme, Inc.'],
    ['from {ORGANIZATION|Acme} Inc. He', 'ORGANIZATION Acme Inc'],
    ['{ORGANIZATION|Nibali} e figli', 'ORGANIZATION Nibali e figli'],
  ])('takes the form in: %s', (text, ...names) => {
    expect(formsOf(text)).toEqual(names);
  });

  it.each([
    ['{LOCATION|Calgary} AB', 'LOCATION Calgary'],
    ['{LOCATION|Adelaide} SA', 'LOCATION Adelaide'],
    ['{PERSON|Ann} and {PERSON|Bob}', 'PERSON Ann', 'PERSON Bob'],
    ['{PERSON|Bob} and Sons went home', 'PERSON Bob'],
    ['{PERSON|Ann Lee} AS well', 'PERSON Ann Lee'],
    ['{PERSON|Ann Lee} as well', 'PERSON Ann Lee'],
    ['{PERSON|Ann Lee} Incident', 'PERSON Ann Lee'],
  ])('leaves: %s', (text, ...names) => {
    expect(formsOf(text)).toEqual(names);
  });
});
