import { describe, expect, test } from 'vitest';
import type { ReviewDecision } from '../schemas/index.js';
import { decisionFrom, mergeDecisions } from './review-decisions.js';

const item = '00000000000000a1';
const approve: ReviewDecision = { itemId: item, action: 'approve' };
const reject: ReviewDecision = { itemId: item, action: 'reject' };
const wrong: ReviewDecision = { itemId: item, action: 'wrong-span', span: 0 };
const added: ReviewDecision = {
  itemId: item,
  action: 'add-span',
  message: 0,
  start: 2,
  end: 5,
  type: 'PERSON',
};
const other: ReviewDecision = { itemId: '00000000000000b2', action: 'approve' };

describe('a decision from options', () => {
  test.each([
    [{ item, action: 'approve' }, approve],
    [{ item, action: 'wrong-span', span: '0' }, wrong],
    [{ item, action: 'add-span', message: '0', start: '2', end: '5', type: 'PERSON' }, added],
  ])('%j', (options, decision) => {
    expect(decisionFrom(options)).toEqual(decision);
  });

  test.each([
    ['no item', { action: 'approve' }, 'USAGE'],
    ['no action', { item }, 'USAGE'],
    ['an unknown action', { item, action: 'maybe' }, 'USAGE'],
    ['no span', { item, action: 'wrong-span' }, 'SCHEMA_INVALID'],
    ['an offset that is no number', { item, action: 'wrong-span', span: 'x' }, 'SCHEMA_INVALID'],
    ['a span too many', { item, action: 'approve', span: '0' }, 'SCHEMA_INVALID'],
    ['an item that is none', { item: 'x', action: 'approve' }, 'SCHEMA_INVALID'],
  ])('refuses %s', (_, options, code) => {
    expect(() => decisionFrom(options)).toThrow(expect.objectContaining({ code }) as Error);
  });
});

test.each([
  ['a correction joins corrections', [wrong, other], added, [wrong, other, added]],
  ['a correction replaces an approval', [approve, other], wrong, [other, wrong]],
  ['a rejection replaces corrections', [wrong, added, other], reject, [other, reject]],
])('%s', (_, before, decision, after) => {
  expect(mergeDecisions(before, decision)).toEqual(after);
});
