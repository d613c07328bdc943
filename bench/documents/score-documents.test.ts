import { expect, test } from 'vitest';
import { unmark } from './read-documents.js';
import { scoreDocuments, showErrors } from './score-documents.js';

const marked = unmark(
  'a-1',
  'Order {X:A-17} of {P:Ann Lee}, {S:2 Elm Row}, {L:Ulm}: ask {P:Bo} on {D:3 May}',
);
const find = (value: string, type: string) => {
  const start = marked.text.indexOf(value);
  return { start, end: start + value.length, type };
};
const everything = [
  find('Ann Lee', 'PERSON'),
  find('2 Elm Row, Ulm', 'STREET_ADDRESS'),
  find('Bo', 'PERSON'),
  find('3 May', 'DATE'),
];

test('what is marked and nothing else is without fault, whether an order number goes or stays', () => {
  for (const found of [everything, [...everything, find('A-17', 'ACCOUNT_NUMBER')]]) {
    expect(scoreDocuments([marked], [found])).toMatchObject({
      namesF1: 1,
      leak: { names: 0, dates: 0, addresses: 0, identifiers: 0 },
      leakOfAll: 0,
      overRedaction: 0,
      unmarkedSpans: 0,
    });
  }
});

test('half a name leaks, an ordinary word is over-redaction, a wrong type is no hit', () => {
  const found = [
    find('Lee', 'PERSON'),
    find('Order', 'ORGANIZATION'),
    find('Bo', 'ORGANIZATION'),
    ...everything.slice(1, 2),
  ];
  // 11 letters of names (Ann Lee, Ulm, Bo), 3 of them open; 12 letters that nobody marked.
  expect(scoreDocuments([marked], [found])).toMatchObject({
    namesF1: 0,
    leak: { names: 3 / 11, dates: 1, addresses: 0, identifiers: 0 },
    overRedaction: 5 / 12,
    unmarkedSpans: 1,
  });
  const shown: string[] = [];
  showErrors(marked, found, (kind, type, value) => shown.push(`${kind} ${type} ${value}`));
  expect(shown).toEqual(['leak PERSON Ann Lee', 'leak DATE 3 May', 'extra ORGANIZATION Order']);
});
