import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  incompleteBeta,
  incompleteBetaInverse,
  logGamma,
  normalCdf,
  normalQuantile,
} from './special-functions.js';

/** |actual / expected - 1|, absolute below 1. */
const relative = (actual: number, expected: number) =>
  Math.abs(actual - expected) / Math.max(Math.abs(expected), Number.MIN_VALUE);

// All reference values: mpmath 1.3 at 30 digits or more.
describe('special functions', () => {
  it.each([
    [0.1, 2.252712651734206],
    [0.5, 0.5723649429247001],
    [2.5, 0.2846828704729192],
    [10, 12.801827480081469],
    [100.25, 360.28455963776423],
    [1000, 5905.220423209181],
    [1e6, 12815504.569147611],
  ])('logGamma(%f)', (x, expected) => {
    expect(relative(logGamma(x), expected)).toBeLessThan(1e-13);
  });

  it.each([
    [-30, 4.906713927148187e-198],
    [-10, 7.619853024160525e-24],
    [-5, 2.866515718791939e-7],
    [-2, 0.02275013194817921],
    [-0.5, 0.3085375387259869],
    [0, 0.5],
    [0.3, 0.6179114221889527],
    [1, 0.8413447460685429],
    [3, 0.9986501019683699],
    [6, 0.9999999990134123],
  ])('normalCdf(%f)', (x, expected) => {
    expect(relative(normalCdf(x), expected)).toBeLessThan(1e-12);
  });

  it.each([
    [1e-12, -7.034483825301132],
    [1e-6, -4.753424308822899],
    [0.001, -3.0902323061678136],
    [0.3, -0.5244005127080408],
    [0.7, 0.5244005127080407],
    [0.975, 1.9599639845400538],
    [0.999999, 4.753424308817087],
  ])('normalQuantile(%f)', (p, expected) => {
    expect(relative(normalQuantile(p), expected)).toBeLessThan(1e-10);
  });

  it.each([
    [0.5, 0.5, 0.1, 0.20483276469913345],
    [1, 1, 0.3, 0.3],
    [2, 3, 0.4, 0.5248],
    [10, 90, 0.05, 0.026516705753822974],
    [101, 900, 0.12, 0.9733594668381054],
    [1, 20, 0.139, 0.9498740023889254],
    [2000, 2000, 0.5, 0.5],
    [3, 1000, 0.0001, 0.00015512845333859546],
  ])('incompleteBeta(%f, %f, %f)', (a, b, x, expected) => {
    expect(relative(incompleteBeta(a, b, x), expected)).toBeLessThan(1e-10);
  });

  it('inverts the incomplete beta function', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 500, noNaN: true }),
        fc.double({ min: 0.5, max: 500, noNaN: true }),
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        (a, b, p) => {
          expect(incompleteBeta(a, b, incompleteBetaInverse(a, b, p))).toBeCloseTo(p, 7);
        },
      ),
    );
  });

  it.each([
    ['logGamma', logGamma(-1)],
    ['incompleteBeta', incompleteBeta(1, 1, 1.5)],
    ['incompleteBetaInverse', incompleteBetaInverse(1, 1, -0.1)],
    ['normalQuantile', normalQuantile(0)],
  ])('%s outside its domain is not a number', (_, value) => {
    expect(value).toBeNaN();
  });
});
