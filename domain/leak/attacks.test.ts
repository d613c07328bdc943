import { describe, expect, it } from 'vitest';
import {
  areaUnderRoc,
  createVaultIndex,
  discoverableProbability,
  extractVerbatim,
  measureExposure,
  membershipScores,
  sampledLogProbability,
  samplesNeeded,
  scanGenerations,
  truePositiveRateAt1Percent,
} from './index.js';
import { fitSkewNormal, skewNormalCdf } from './skew-normal.js';
// Computed with TensorFlow Privacy's exposure, scipy.stats.skewnorm and numpy.
import vectors from './vectors/audit.json' with { type: 'json' };

describe('exposure', () => {
  const { reference_nll: references, canaries } = vectors.exposure;
  const measured = measureExposure(
    canaries.map(({ nll }) => nll),
    references,
  );

  it.each(canaries.map((canary, index) => ({ ...canary, index })))('of $nll', (canary) => {
    const exposure = measured[canary.index];
    expect(exposure?.rank).toBe(canary.rank);
    expect(exposure?.bits).toBeCloseTo(canary.exposure_tfprivacy, 9);
    expect(exposure?.pValue).toBeCloseTo(canary.p_value, 12);
    // scipy's search and this one stop at slightly different points of a flat likelihood.
    expect(exposure?.extrapolatedBits).toBeCloseTo(canary.exposure_skewnorm_extrapolated, 2);
  });

  it('fits what scipy fits', () => {
    const [shape, location, scale] = vectors.exposure.skewnorm_params_a_loc_scale;
    const fitted = fitSkewNormal(references);
    expect(fitted.shape).toBeCloseTo(shape ?? 0, 2);
    expect(fitted.location).toBeCloseTo(location ?? 0, 1);
    expect(fitted.scale).toBeCloseTo(scale ?? 0, 1);
  });

  it('gives no negative exposure', () => {
    expect(measureExposure([1000], references)[0]?.bits).toBe(0);
  });

  it('has a distribution function from 0 to 1 that is the normal one without skew', () => {
    const normal = { shape: 0, location: 1, scale: 2 };
    expect(skewNormalCdf(1, normal)).toBeCloseTo(0.5, 10);
    expect(skewNormalCdf(60, { ...normal, shape: 3 })).toBeCloseTo(1, 8);
    // Lower tail, mpmath: Phi(-8).
    expect(skewNormalCdf(-15, normal) / 6.220960574271785e-16).toBeCloseTo(1, 6);
  });

  it.each([
    [[1], []],
    [[0], [0, 0, 0]],
    [[Number.NaN], [1, 2]],
    [[1], [1, Number.POSITIVE_INFINITY]],
  ])('has no figure for %j among %j', (scores, given) => {
    expect(() => measureExposure(scores, given)).toThrow(
      expect.objectContaining({ code: 'FIGURE_INVALID' }),
    );
  });
});

describe('extraction', () => {
  it.each(vectors.np_discoverable.rows)('log p $log_pz, n $n', ({ log_pz, n, p }) => {
    expect(discoverableProbability(log_pz, n) / p).toBeCloseTo(1, 9);
  });

  it.each(vectors.np_discoverable.n_needed)('log p $log_pz to reach $p', ({ log_pz, p, n }) => {
    // Where 1 - p_z rounds to 1 the reference itself is good to about 1e-9.
    expect(samplesNeeded(log_pz, p) / n).toBeCloseTo(1, 6);
  });

  const logits = [3, 2, 1, 0].map((weight) => Math.log(weight === 0 ? 1e-9 : weight / 6));
  it.each([
    [{ temperature: 1, topP: 1 }, 0, 3 / 6],
    [{ temperature: 1, topP: 0.8 }, 1, 2 / 5],
    [{ temperature: 1, topP: 0.8 }, 2, 0],
    [{ temperature: 1, topP: 0.4 }, 0, 1],
    [{ temperature: 1, topP: 1, topK: 2 }, 0, 3 / 5],
    [{ temperature: 1, topP: 1, topK: 2 }, 2, 0],
    [{ temperature: 0.5, topP: 1, topK: 3 }, 1, 4 / 14],
    [{ temperature: 0, topP: 1 }, 0, 1],
    [{ temperature: 0, topP: 1 }, 1, 0],
  ])('sampled with %j: token %i has %f', (sampling, token, p) => {
    expect(Math.exp(sampledLogProbability(logits, token, sampling))).toBeCloseTo(p, 6);
  });

  it('counts matched tokens and verbatim suffixes', async () => {
    const known = [1, 2, 3, 4, 5, 6];
    const parrot = (prefix: readonly number[], count: number) =>
      Promise.resolve(Int32Array.from(known.slice(prefix.length, prefix.length + count)));
    const results = await extractVerbatim(
      [
        { id: 'whole', ids: known, prefixTokens: 2 },
        { id: 'half', ids: [1, 2, 3, 4, 9, 9], prefixTokens: 2 },
        { id: 'longer', ids: [...known, 7], prefixTokens: 2 },
      ],
      parrot,
    );
    expect(results.map(({ matchedTokens, verbatim }) => [matchedTokens, verbatim])).toEqual([
      [4, true],
      [2, false],
      [4, false],
    ]);
  });

  it.each([0, 3])('refuses a target of three tokens with a prefix of %i', async (prefixTokens) => {
    const attack = extractVerbatim([{ id: 'x', ids: [1, 2, 3], prefixTokens }], () =>
      Promise.resolve([]),
    );
    await expect(attack).rejects.toMatchObject({ code: 'FIGURE_INVALID' });
  });
});

describe('membership', () => {
  it('gives loss, Min-K% and Min-K%++', () => {
    const { logits, targets, k_frac, loss, mink, minkpp } = vectors.mink;
    const scores = membershipScores(logits, targets, k_frac);
    expect(scores.loss).toBeCloseTo(loss, 8);
    expect(scores.minK).toBeCloseTo(mink, 8);
    expect(scores.minKPlusPlus).toBeCloseTo(minkpp, 8);
  });

  it.each([
    [[3, 4], [1, 2], 1],
    [[1, 2], [3, 4], 0],
    [[1, 3], [2, 2], 0.5],
    [[1], [1], 0.5],
  ])('AUC of %j over %j', (members, others, area) => {
    expect(areaUnderRoc(members, others)).toBe(area);
  });

  it('wants 100 controls for a rate at 1%', () => {
    const others = Array.from({ length: 100 }, (_, index) => index);
    expect(truePositiveRateAt1Percent([98, 98.5, 99, 200], others)).toBe(0.75);
    expect(() => truePositiveRateAt1Percent([1], others.slice(1))).toThrow('100 controls');
  });
});

describe('scanGenerations', () => {
  const vault = createVaultIndex([
    { type: 'PERSON', value: 'Jane Roe' },
    { type: 'PHONE_NUMBER', value: '555-123-4567' },
    { type: 'LOCATION', value: 'Springfield' },
    { type: 'AGE', value: '42' },
  ]);
  const find = (text: string) => (text.match(/[A-Z][a-z]+/g) ?? []).map(() => ({ type: 'PERSON' }));
  const scan = (texts: string[], baseTexts: string[]) =>
    scanGenerations({
      texts,
      baseTexts,
      spans: { adapter: texts.map(find), base: baseTexts.map(find) },
      vault,
    });

  it('finds removed values whatever their case and separators, with offsets and no text', () => {
    const result = scan(['Ask JANE  ROE at (555) 123 4567.', 'nothing'], ['Mary']);
    expect(result.vaultHits).toEqual({ adapter: 2, base: 0, adapterOnly: 2 });
    expect(result.hits).toEqual([
      { generation: 0, start: 4, end: 13, type: 'PERSON', inBase: false },
      { generation: 0, start: 18, end: 31, type: 'PHONE_NUMBER', inBase: false },
    ]);
    expect(JSON.stringify(result)).not.toMatch(/jane|555/i);
    expect(result.byType).toEqual({ PERSON: { adapter: 1, base: 1 } });
  });

  it('leaves out words that trained texts hold in the clear more often than they were removed', () => {
    const removed = [
      { type: 'PERSON', value: 'Ward' },
      { type: 'PERSON', value: 'Jane Roe' },
    ];
    const trained = ['the ward is open', 'ask the ward', 'Jane Roe was missed once'];
    const index = createVaultIndex(removed, trained);
    expect([index.values, index.skipped]).toEqual([1, 1]);
    expect(index.find(['ward'])).toBeUndefined();
    expect(index.find(['jane', 'roe'])).toBeDefined();
  });

  it('counts a value once and tells those that the base model says too', () => {
    const result = scan(['In Springfield. Springfield!', 'Jane Roe'], ['springfield']);
    expect(result.vaultHits).toEqual({ adapter: 2, base: 1, adapterOnly: 1 });
    expect(result.hits.map(({ inBase }) => inBase)).toEqual([true, true, false]);
  });

  it('does not take part of a value, or one too short, for it', () => {
    const { vaultHits, skippedValues, vaultValues } = scan(['Jane met Roe, 42, 555-123.'], []);
    expect(vaultHits.adapter).toBe(0);
    expect([vaultValues, skippedValues]).toEqual([3, 1]);
  });
});
