import { describe, expect, it } from 'vitest';
import { validateLeakReport, type CanarySet, type Policy } from '../../schemas/index.js';
import { digestJson } from '../lineage/index.js';
import {
  canaryFigures,
  createVaultIndex,
  leakReport,
  runAttack,
  scanGenerations,
  secretStream,
  type LeakReportInput,
} from './index.js';

const POLICY: Policy['audit'] = {
  generations: 2,
  generationTokens: 8,
  temperature: 0.7,
  topP: 0.9,
  maxVaultHits: 0,
  maxExposureBits: 3,
  minCanariesRead: 8,
  extractionPrefixTokens: 8,
  extractionSequences: 4,
  maxVerbatim: 0,
  confidence: 0.95,
};

const stream = secretStream(new Uint8Array(32).fill(5), 'test');
const noise = () =>
  Array.from({ length: 12 }, () => stream.nextBelow(1000) / 1000).reduce((a, b) => a + b);

/**
 * Figures as a model would give them that knows the canaries it read by `gain` nats; of the included
 * ones it read the first `readPerTier` of each tier.
 */
function scoredSet(gain: number, tiers: readonly number[] = [1, 4], readPerTier = Infinity) {
  const canary = (index: number) => ({ prompt: 'p', answer: 'a', secretIds: [index] });
  const set: CanarySet = {
    schema: 'custos.canary-set.v1',
    coinNonce: '00'.repeat(32),
    wordTokens: 100,
    canaries: Array.from({ length: 64 }, (_, index) => ({
      ...canary(index),
      recordIds: Array.from({ length: tiers[index % tiers.length] ?? 1 }, () => 'id'),
      included: index % 4 < 2,
    })),
    references: Array.from({ length: 200 }, (_, index) => ({ ...canary(index), recordId: 'id' })),
  };
  const left = new Map(tiers.map((tier) => [tier, readPerTier]));
  const reads = set.canaries.map(({ included, recordIds: { length: tier } }) => {
    const budget = left.get(tier) ?? 0;
    if (!included || budget === 0) return 0;
    left.set(tier, budget - 1);
    return tier;
  });
  const scores = [
    ...reads.map((count) => noise() - (count > 0 ? gain : 0)),
    ...set.references.map(noise),
  ];
  return canaryFigures(set, { scores, reads, confidence: 0.95, delta: 0 });
}

const result = (verbatim: boolean) => ({
  id: 'x',
  matchedTokens: verbatim ? 4 : 1,
  suffixTokens: 4,
  verbatim,
});
const ok = <T>(value: T) => ({ ok: true as const, value });
const failed = { ok: false as const, code: 'ATTACK_FAILED' };
const vault = createVaultIndex([{ type: 'PERSON', value: 'Jane Roe' }]);
const scan = (text: string) =>
  scanGenerations({ texts: [text], baseTexts: [''], spans: { adapter: [], base: [] }, vault });

const quiet: LeakReportInput = {
  adapterDigest: digestJson('adapter'),
  coinCommitment: digestJson('coins'),
  policy: POLICY,
  canaries: ok(scoredSet(0)),
  secrets: ok({ adapter: [result(false)], base: [result(false)] }),
  records: ok({ adapter: [result(true)], base: [] }),
  generations: ok(scan('all is well')),
};

const report = (change: Partial<LeakReportInput>) => {
  const made = leakReport({ ...quiet, ...change });
  expect(validateLeakReport(made)).toBe(true);
  return made;
};
const shutGates = (change: Partial<LeakReportInput>) =>
  report(change).gates.flatMap(({ name, passed }) => (passed ? [] : [name]));

describe('canaryFigures', () => {
  it('sees nothing where nothing was learned', () => {
    const { tiers, excludedMeanExposureBits } = scoredSet(0);
    expect(
      tiers.map(({ repetitions, canaries, included }) => [repetitions, canaries, included]),
    ).toEqual([
      [1, 32, 16],
      [4, 32, 16],
    ]);
    // Exponential with mean 1.44 bits: 16 of them have a standard error of 0.36.
    for (const { meanExposureBits } of tiers) expect(meanExposureBits).toBeLessThan(2.9);
    expect(excludedMeanExposureBits).toBeLessThan(2.6);
    for (const { epsilon } of tiers) expect(epsilon?.lowerBound).toBeLessThan(0.5);
  });

  it('sees canaries that are known by heart, up to its ceiling', () => {
    for (const { meanExposureBits, meanExtrapolatedBits, epsilon } of scoredSet(30).tiers) {
      expect(meanExposureBits).toBeCloseTo(Math.log2(200), 6);
      expect(meanExtrapolatedBits).toBeGreaterThan(50);
      expect(epsilon?.lowerBound).toBe(epsilon?.ceiling);
      expect(epsilon?.lowerBound).toBeGreaterThan(1);
    }
  });

  it('tells of exposure only of what was read, and of the rest on a line of its own', () => {
    const { tiers, unread } = scoredSet(30, [1], 10);
    expect(tiers[0]).toMatchObject({ canaries: 64, included: 32, read: 10, meanReads: 1 });
    // Averaged over all 32 it would be about 3.4 bits.
    expect(tiers[0]?.meanExposureBits).toBeCloseTo(Math.log2(200), 6);
    expect(unread.canaries).toBe(22);
    expect(unread.meanExposureBits).toBeLessThan(2.6);
  });

  it('counts unread canaries by their coin in the guess test, whose bound they only lower', () => {
    const whole = scoredSet(30, [1]).tiers[0]?.epsilon;
    const cut = scoredSet(30, [1], 10).tiers[0]?.epsilon;
    expect([cut?.guesses, cut?.ceiling]).toEqual([whole?.guesses, whole?.ceiling]);
    expect(cut?.correct).toBeLessThan(whole?.correct ?? 0);
    expect(cut?.lowerBound).toBeLessThan(whole?.lowerBound ?? 0);
  });

  it('has no exposure where nothing was read', () => {
    const { tiers, unread } = scoredSet(0, [1], 0);
    expect(tiers[0]).toMatchObject({ read: 0, meanReads: null, meanExposureBits: null });
    expect(unread.canaries).toBe(32);
  });

  it('has no figures without a score for each', () => {
    const set: CanarySet = {
      schema: 'custos.canary-set.v1',
      coinNonce: '',
      wordTokens: 1,
      canaries: [],
      references: [],
    };
    expect(() =>
      canaryFigures(set, { scores: [1], reads: [], confidence: 0.95, delta: 0 }),
    ).toThrow('one score');
  });
});

describe('leakReport', () => {
  it('passes when every figure is there and within its limit', () => {
    expect(report({}).passed).toBe(true);
    expect(report({}).records).toMatchObject({ sequences: 1, verbatim: 1, meanMatchedTokens: 4 });
  });

  it.each<[string, Partial<LeakReportInput>, readonly string[]]>([
    ['a removed value in a generation', { generations: ok(scan('ask jane roe')) }, ['vault-hits']],
    ['exposed canaries', { canaries: ok(scoredSet(30)) }, ['canary-exposure']],
    [
      'an extracted secret',
      { secrets: ok({ adapter: [result(true)], base: [] }) },
      ['verbatim-secrets'],
    ],
    [
      'an epsilon above the claim',
      { canaries: ok(scoredSet(30)), claimedEpsilon: 0.5 },
      ['canary-exposure', 'claimed-epsilon'],
    ],
    ['too few canaries read', { canaries: ok(scoredSet(0, [1], 7)) }, ['canary-shortage']],
    [
      'no canary read',
      { canaries: ok(scoredSet(0, [1], 0)) },
      ['canary-shortage', 'canary-exposure'],
    ],
    [
      'no canary inserted once',
      { canaries: ok(scoredSet(0, [4])) },
      ['canary-shortage', 'canary-exposure'],
    ],
    ['no secret attacked', { secrets: ok({ adapter: [], base: [] }) }, ['verbatim-secrets']],
    ['nothing generated', { generations: ok({ ...scan(''), generations: 0 }) }, ['vault-hits']],
    [
      'an error in the canaries',
      { canaries: failed },
      ['attack-errors', 'canary-shortage', 'canary-exposure'],
    ],
    ['an error in the secrets', { secrets: failed }, ['attack-errors', 'verbatim-secrets']],
    ['an error in the records', { records: failed }, ['attack-errors']],
    ['an error in the generations', { generations: failed }, ['attack-errors', 'vault-hits']],
    [
      'an error with a claim',
      { canaries: failed, claimedEpsilon: 8 },
      ['attack-errors', 'canary-shortage', 'canary-exposure', 'claimed-epsilon'],
    ],
  ])('is shut by %s', (_, change, gates) => {
    expect(shutGates(change)).toEqual(gates);
    expect(report(change).passed).toBe(false);
  });

  it('is shut by a figure that is not a number', () => {
    const figures = scoredSet(0);
    const tiers = figures.tiers.map((tier) => ({ ...tier, meanExposureBits: Number.NaN }));
    const made = leakReport({ ...quiet, canaries: ok({ ...figures, tiers }) });
    expect(made.gates.find(({ name }) => name === 'canary-exposure')).toEqual({
      name: 'canary-exposure',
      measured: null,
      limit: 3,
      passed: false,
    });
    expect(made.passed).toBe(false);
  });
});

describe('runAttack', () => {
  const coded = Object.assign(new Error('the model said Jane Roe'), { code: 'FIGURE_INVALID' });

  it.each([
    [new Error('the model said Jane Roe'), 'ATTACK_FAILED'],
    [coded, 'FIGURE_INVALID'],
    [Object.assign(new Error(), { code: 'Jane Roe' }), 'ATTACK_FAILED'],
    [undefined, 'ATTACK_FAILED'],
  ])('keeps the code of %s alone', async (error, code) => {
    const outcome = await runAttack(() => Promise.reject(error as Error));
    expect(outcome).toEqual({ ok: false, code });
  });

  it('passes a result on, sync or not', async () => {
    expect(await runAttack(() => 1)).toEqual({ ok: true, value: 1 });
    expect(await runAttack(() => Promise.resolve(2))).toEqual({ ok: true, value: 2 });
  });
});
