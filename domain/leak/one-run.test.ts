import { describe, expect, it } from 'vitest';
import { shareInterval, shareUpperBound } from './binomial.js';
import {
  countCorrectGuesses,
  oneRunCeiling,
  oneRunEpsilonLowerBound,
  oneRunPValue,
  twoGroupEpsilonLowerBound,
} from './one-run.js';
// Computed with google-deepmind/jax_privacy's auditing (Apache-2.0) and checked against the paper.
import audit from './vectors/audit.json' with { type: 'json' };
import vectors from './vectors/one-run.json' with { type: 'json' };

describe('one-run epsilon lower bound', () => {
  it.each(vectors.one_run)('m $m, r $r, v $v, delta $delta, p $p', (row) => {
    const guessed = { canaries: row.m, guesses: row.r, correct: row.v, delta: row.delta };
    expect(oneRunEpsilonLowerBound(guessed, 1 - row.p)).toBeCloseTo(row.eps_lower_bound, 5);
    expect(oneRunPValue(guessed, 1)).toBeCloseTo(Math.min(1, row.p_value_at_eps1), 8);
  });

  it.each(Object.entries(vectors.perfect_guess_limit))('ceiling of %s guesses', (r, epsilon) => {
    const guessed = { canaries: 1000, guesses: Number(r), delta: 1e-5 };
    expect(oneRunCeiling(guessed, 0.95)).toBeCloseTo(epsilon, 5);
  });

  it.each(vectors.clopper_pearson)('two groups: $tp of $n_in, $fp of $n_out', (row) => {
    const groups = {
      truePositives: row.tp,
      included: row.n_in,
      falsePositives: row.fp,
      excluded: row.n_out,
      delta: row.delta,
    };
    expect(twoGroupEpsilonLowerBound(groups, 1 - row.alpha)).toBeCloseTo(row.eps, 6);
  });

  it.each([
    { canaries: 10, guesses: 11, correct: 1, delta: 0 },
    { canaries: 10, guesses: 5, correct: 6, delta: 0 },
    { canaries: 10, guesses: 0, correct: 0, delta: 0 },
    { canaries: 10, guesses: 5, correct: Number.NaN, delta: 0 },
    { canaries: 10, guesses: 5, correct: 2, delta: Number.NaN },
  ])('refuses %j', (guessed) => {
    expect(() => oneRunPValue(guessed, 1)).toThrow('is not an audit');
  });
});

describe('countCorrectGuesses', () => {
  const canaries = [3, 9, 1, 7].map((score, index) => ({ score, included: index % 2 === 1 }));

  it.each([
    [1, 1, 2],
    [2, 0, 2],
    [0, 2, 2],
    [3, 1, 3],
    [0, 0, 0],
  ])('%i in, %i out: %i right', (guessesIn, guessesOut, right) => {
    expect(countCorrectGuesses(canaries, guessesIn, guessesOut)).toBe(right);
  });

  it('has no result when a score is missing or there are too many guesses', () => {
    const broken = [...canaries, { score: Number.NaN, included: true }];
    expect(() => countCorrectGuesses(broken, 1, 1)).toThrow('no score');
    expect(() => countCorrectGuesses(canaries, 3, 2)).toThrow('more guesses');
  });
});

describe('exact bounds of a share', () => {
  it.each(audit.clopper_pearson_95)('$k of $n', ({ k, n, lo, hi }) => {
    const { low, high } = shareInterval(k, n, 0.95);
    expect(low).toBeCloseTo(lo, 8);
    expect(high).toBeCloseTo(hi, 8);
  });

  it('is 1 - alpha^(1/n) without a success, and 1 without a trial', () => {
    expect(shareUpperBound(0, 299, 0.95)).toBeCloseTo(1 - 0.05 ** (1 / 299), 12);
    expect(shareUpperBound(0, 0, 0.95)).toBe(1);
  });

  it.each([
    [2, 1],
    [-1, 4],
    [0.5, 4],
    [Number.NaN, 4],
  ])('refuses %f of %f', (k, n) => {
    expect(() => shareUpperBound(k, n, 0.95)).toThrow('not a count');
  });
});
