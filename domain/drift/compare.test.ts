import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check, validateDriftReport } from '../../schemas/index.js';
import { compareDatasets, type DatasetFigures } from './compare.js';
import { divergence, stabilityIndex } from './measures.js';

const BASE: DatasetFigures = {
  runId: 'before',
  sizes: { records: 1000, 'bad rows': 10, 'kept records': 900, tokens: 50_000 },
  totalChars: 200_000,
  lengths: [
    { upToChars: 100, count: 300 },
    { upToChars: 200, count: 500 },
    { upToChars: null, count: 200 },
  ],
  entities: { EMAIL: 400, IBAN: 100 },
  tokenizer: 'sha256:one',
  vocabulary: new Map([
    [1, 30_000],
    [2, 20_000],
  ]),
};
const compare = (change: Partial<DatasetFigures>) =>
  compareDatasets(BASE, { ...BASE, runId: 'after', ...change });

describe('the drift report', () => {
  it('finds nothing between equal datasets', () => {
    const report = check(validateDriftReport, compare({}), 'the report');
    expect(report).toMatchObject({ rank: 'stable', findings: [], lengths: { psi: 0 } });
  });

  it.each<[string, Partial<DatasetFigures>, string, RegExp]>([
    [
      'a fifth more records',
      { sizes: { ...BASE.sizes, records: 1200 } },
      'shifted',
      /^records: 1000 -> 1200 \(\+20%\)$/,
    ],
    [
      'lengths turned round',
      {
        lengths: [
          { upToChars: 100, count: 200 },
          { upToChars: 200, count: 200 },
          { upToChars: null, count: 600 },
        ],
      },
      'changed',
      /^lengths of records: .* stability index 0\./,
    ],
    [
      'a type of entity that was not there',
      { entities: { ...BASE.entities, PASSPORT: 50 } },
      'changed',
      /^PASSPORT: 0\.0 -> 50\.0 in a thousand records \(new\)$/,
    ],
    [
      'other words',
      {
        vocabulary: new Map([
          [1, 30_000],
          [3, 20_000],
        ]),
      },
      'changed',
      /^vocabulary: 40\.0% of the tokens are new/,
    ],
  ])('tells %s', (_what, change, rank, text) => {
    const report = check(validateDriftReport, compare(change), 'the report');
    expect(report.rank).toBe(rank);
    expect(report.findings[0]).toMatchObject({
      rank,
      text: expect.stringMatching(text) as string,
    });
  });

  it('does not take chance for drift: a few entities more or less', () => {
    expect(compare({ entities: { EMAIL: 420, IBAN: 90 } }).rank).toBe('stable');
  });

  it.each<[string, Partial<DatasetFigures>]>([
    ['another tokenizer', { tokenizer: 'sha256:two' }],
    ['erased tokens', { vocabulary: undefined }],
  ])('compares no vocabulary with %s', (_what, change) => {
    expect(compare(change).vocabulary).toBeNull();
  });
});

describe('the measures', () => {
  const counts = fc.array(fc.nat(1000), { minLength: 2, maxLength: 8 });

  it('the stability index is never negative, and zero for equal shares', () => {
    fc.assert(
      fc.property(counts, counts, (before, after) => {
        const padded = before.map((_, at) => after[at] ?? 0);
        expect(stabilityIndex(before, padded).figure).toBeGreaterThanOrEqual(0);
        expect(stabilityIndex(before, before).figure).toBeCloseTo(0, 12);
      }),
    );
  });

  // By hand: shares .5/.5 and .75/.25, large counts: .25 ln 1.5 + .25 ln 2 = 0.27465.
  it('the stability index of a worked example', () => {
    expect(stabilityIndex([5e6, 5e6], [7.5e6, 2.5e6]).figure).toBeCloseTo(0.27465, 4);
  });

  it('the divergence is symmetric and between 0 and 1 bit', () => {
    const frequencies = counts.map((list) => new Map(list.map((count, id) => [id, count + 1])));
    fc.assert(
      fc.property(frequencies, frequencies, (left, right) => {
        const { figure } = divergence(left, right);
        expect(figure).toBeGreaterThanOrEqual(0);
        expect(figure).toBeLessThanOrEqual(1);
        expect(divergence(right, left).figure).toBeCloseTo(figure, 12);
      }),
    );
    expect(divergence(new Map([[1, 5]]), new Map([[2, 9]])).figure).toBeCloseTo(1, 12);
  });
});
