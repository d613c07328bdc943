import { describe, expect, it } from 'vitest';
import { addressParts } from './address-parts.js';
import type { EntityType, Span } from './types.js';

const TYPES: Record<string, EntityType> = {
  L: 'LOCATION',
  P: 'PERSON',
  S: 'STREET_ADDRESS',
  C: 'POSTAL_CODE',
  D: 'DATE',
};

/** `{L|Bern}` is a found place in the text; returns what is added as `TYPE value`. */
function partsOf(marked: string): string[] {
  const spans: Span[] = [];
  let text = '';
  let at = 0;
  for (const { 0: whole, 1: type = '', 2: value = '', index } of marked.matchAll(
    /\{([LPSCD])\|([^}]+)\}/g,
  )) {
    text += marked.slice(at, index);
    const start = text.length;
    text += value;
    at = index + whole.length;
    const explanation = { pattern: 'test', validator: 'none', context: [] } as const;
    const known = TYPES[type] ?? 'LOCATION';
    spans.push({
      start,
      end: text.length,
      type: known,
      score: 0.9,
      recognizer: 'test',
      explanation,
    });
  }
  text += marked.slice(at);
  return addressParts(text, spans).map(
    ({ type, start, end }) => `${type} ${text.slice(start, end)}`,
  );
}

describe('addressParts', () => {
  it.each([
    [
      'at {P|Imhofstrasse} 16, 7207 {L|Olten}.',
      'STREET_ADDRESS Imhofstrasse 16',
      'POSTAL_CODE 7207',
    ],
    ['{L|Nordrevej 28}, 2850 {L|Haderup}', 'POSTAL_CODE 2850'],
    ['656 {P|Amanda Common}, {L|Baker}, MA {C|30608}', 'STREET_ADDRESS 656 Amanda Common'],
    [
      '{P|Kern GmbH}, 31/32 {P|Jennifer Glen}, {L|East James}, VIC, 2585',
      'STREET_ADDRESS 31/32 Jennifer Glen',
      'POSTAL_CODE 2585',
    ],
    [
      '78, {L|Chaudhuri Nagar}, {L|Ambala} 498137',
      'STREET_ADDRESS 78, Chaudhuri Nagar',
      'POSTAL_CODE 498137',
    ],
    ['{L|Aleea Voinea}, {L|Dobroesti}, 244293 and', 'POSTAL_CODE 244293'],
    ['{S|Tamás utca 56}., H-3886 Németi', 'POSTAL_CODE H-3886', 'LOCATION Németi'],
    [
      '{P|Rambla Clemente} 19 Puerta 7 , {L|Oviedo}, 16422',
      'STREET_ADDRESS Rambla Clemente 19 Puerta 7',
      'POSTAL_CODE 16422',
    ],
    [
      '{L|Hanssenveien} 83\n7320 {L|Fannrem}\n',
      'STREET_ADDRESS Hanssenveien 83',
      'POSTAL_CODE 7320',
    ],
  ])('finds in: %s', (text, ...parts) => {
    expect(partsOf(text)).toEqual(parts);
  });

  it.each([
    'in {L|Berlin}, 2004 was',
    '{L|London}, {L|England}, 1999',
    '{L|London}, {L|Paris}, 12000 people',
    '{L|Boston} 4, {L|Toronto} 2',
    'March 25-26, 2002, {L|Atlanta}',
    '{D|Feb. 5}-8, 2002, {L|Miami}, {L|Florida}',
    '{P|Lorie Leigh} 46093\n{P|Kay Mann}',
    '2) {L|Garden Grove} USA\n3) next',
    'players in {L|Rome}.\n1574 {P|Boi} and',
    'order 12345 for {P|Ann}',
    '',
  ])('finds nothing in: %s', (text) => {
    expect(partsOf(text)).toEqual([]);
  });

  it('takes time that grows with the text', () => {
    for (const text of [
      '12 {L|A}, '.repeat(4000),
      '{P|A} '.repeat(20_000),
      `{L|A} 1${'\ue000'.repeat(200_000)}`,
    ])
      expect(partsOf(text)).toEqual([]);
  });
});
