import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exponential } from './exponential.js';

describe('exponential', () => {
  it('agrees with Math.exp to 1e-8 over its range (property)', () => {
    fc.assert(
      fc.property(fc.double({ min: -87, max: 88, noNaN: true }), (x) => {
        expect(Math.abs(exponential(x) / Math.exp(x) - 1)).toBeLessThan(1e-8);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    [-88, 0],
    [-1e30, 0],
    [-Infinity, 0],
    [0, 1],
  ])('of %s is %s', (x, expected) => {
    expect(exponential(x)).toBe(expected);
  });

  it('saturates instead of overflowing float32, and keeps NaN', () => {
    expect(Math.fround(exponential(1e9))).toBeLessThan(Infinity);
    expect(exponential(NaN)).toBeNaN();
  });
});
