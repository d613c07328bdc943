import { describe, expect, it } from 'vitest';
import { planRecognizers } from '../plan-recognizers.js';
import { RECOGNIZERS } from '../recognizers/index.js';
import { scanText } from '../scan-text.js';
import { findLabels } from './find-labels.js';

const { table, labels } = planRecognizers(RECOGNIZERS);
const found = (text: string) => findLabels(labels, text, scanText(text, table));

const waiting = RECOGNIZERS.map(({ name, patterns }) => ({
  name,
  own: patterns.flatMap((pattern) => ('labels' in pattern ? pattern.labels : [])),
})).filter(({ own }) => own.length > 0);

it.each(waiting)(
  '$name is told of each of its labels, as written and in capitals',
  ({ name, own }) => {
    const isMissed = (label: string): boolean => {
      const [first] = found(`${label}: `);
      return first?.start !== 0 || !first.rules.some(({ recognizer }) => recognizer.name === name);
    };
    expect([...own, ...own.map((label) => label.toUpperCase())].filter(isMissed)).toEqual([]);
  },
);

describe('a label in a name in camel case', () => {
  it.each([
    ['customerSSN', 'SSN'],
    ['customerSSNValue', 'SSNValue'],
    ['memberIDs', 'memberIDs'],
    ['oldUserName', 'UserName'],
    ['HTTPUserName', 'UserName'],
    ['SSNValue', 'SSNValue'],
  ])('is found: %s', (text, label) => {
    expect(found(text).map(({ start, end }) => text.slice(start, end))).toEqual([label]);
  });

  it.each(['lessnSsnotes', `a${'S'.repeat(50)}N`, 'userSSNHashed'])('is not found: %s', (text) => {
    expect(found(text).filter(({ start, end }) => /ssn/i.test(text.slice(start, end)))).toEqual([]);
  });
});
