import { describe, expect, it } from 'vitest';
import type { CanarySet } from '../../schemas/index.js';
import { canaryFigures, countReads } from './index.js';

const canary = (included: boolean, ...recordIds: [string, ...string[]]) => ({
  prompt: 'p',
  answer: 'a',
  secretIds: [1],
  included,
  recordIds,
});
const set: Pick<CanarySet, 'canaries'> = {
  canaries: [
    canary(true, 'a'),
    canary(false, 'b'),
    canary(true, 'c1', 'c2'),
    canary(true, 'd'),
  ] as CanarySet['canaries'],
};
const canaryIds = ['a', 'c1', 'c2', 'd'];

describe('countReads', () => {
  it('counts each copy and each step, and tells the records that were read', () => {
    // Three records: 3 is a, 4 and 5 are copies of c, 6 is d.
    const plan = { steps: [[[0, 3], [5]], [[3, 4]], [[2]]] };
    const reads = countReads(set, { plan, records: 3, canaryIds });
    expect(reads.canaries).toEqual([2, 0, 2, 0]);
    expect([...reads.records].sort()).toEqual([0, 2]);
  });

  it('finds nothing read in a training without steps', () => {
    const reads = countReads(set, { plan: { steps: [] }, records: 3, canaryIds });
    expect(reads).toEqual({ records: new Set(), canaries: [0, 0, 0, 0] });
  });

  it.each([
    ['a sequence that was not given', { plan: { steps: [[[7]]] }, canaryIds }],
    ['a copy that is missing', { plan: { steps: [] }, canaryIds: ['a', 'c1', 'd'] }],
    ['a coin that fell "out"', { plan: { steps: [] }, canaryIds: ['a', 'b', 'c1', 'd'] }],
    ['an unknown canary', { plan: { steps: [] }, canaryIds: [...canaryIds, 'x'] }],
  ])('refuses %s', (_, given) => {
    expect(() => countReads(set, { records: 3, ...given })).toThrow(
      expect.objectContaining({ code: 'FIGURE_INVALID' }),
    );
  });
});

describe('canaryFigures', () => {
  const full: CanarySet = {
    schema: 'custos.canary-set.v1',
    coinNonce: '',
    wordTokens: 1,
    canaries: set.canaries,
    references: [],
  };

  it.each([
    ['reads that deny the coins', [1, 1, 1, 1], 'fell "out"'],
    ['reads that are not known of all', [1], 'how often'],
  ])('refuses %s', (_, reads, message) => {
    expect(() =>
      canaryFigures(full, { scores: [1, 2, 3, 4], reads, confidence: 0.95, delta: 0 }),
    ).toThrow(message);
  });
});
