import { describe, expect, it } from 'vitest';
import { checkPageRuns, checkValueRuns, type PageShape } from './parquet-runs.js';

const flat: PageShape = {
  encoding: 8,
  values: 16,
  isBoolean: false,
  widths: { repetition: 0, definition: 0 },
};
/** A varint of a run's header: so many equal values, or groups of eight packed ones. */
const equal = (count: number): number[] => varint(count * 2);
const packed = (groups: number): number[] => varint(groups * 2 + 1);

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
}

describe('checkPageRuns', () => {
  it.each<[string, number[], Partial<PageShape>]>([
    ['equal indices', [3, ...equal(16), 5], {}],
    ['packed indices', [3, ...packed(2), 1, 2, 3, 4, 5, 6], {}],
    ['padding of the last group', [3, ...packed(2), 1, 2, 3, 4, 5, 6], { values: 11 }],
    ['no bits at all', [0], {}],
    [
      'levels before the values',
      [2, 0, 0, 0, ...equal(16), 1, 3, ...equal(16), 5],
      { widths: { repetition: 0, definition: 1 } },
    ],
    ['plain values, which have no runs', [...equal(2 ** 30), 5], { encoding: 0 }],
  ])('passes %s', (_, page, change) => {
    expect(() => {
      checkPageRuns(Uint8Array.from(page), { ...flat, ...change });
    }).not.toThrow();
  });

  it.each<[string, number[], Partial<PageShape>]>([
    ['a run of two billion values', [3, ...equal(2 ** 30), 5], {}],
    ['groups of two billion values', [3, ...packed(2 ** 28), 5], {}],
    ['a length without an end', [3, 255, 255, 255, 255, 255, 255], {}],
    ['a width of 33 bits', [33, ...equal(16), 5], {}],
    [
      'a run of two billion levels',
      [6, 0, 0, 0, ...equal(2 ** 30), 1],
      { widths: { repetition: 0, definition: 1 } },
    ],
    [
      'levels longer than the page',
      [99, 0, 0, 0, ...equal(16), 1],
      { widths: { repetition: 0, definition: 1 } },
    ],
    ['a run of two billion truth values', [6, 0, 0, 0, ...equal(2 ** 30)], { isBoolean: true }],
  ])('refuses %s', (_, page, change) => {
    expect(() => {
      checkPageRuns(Uint8Array.from(page), { ...flat, ...change });
    }).toThrow(RangeError);
  });
});

it('checkValueRuns refuses a run of two billion values', () => {
  expect(() => {
    checkValueRuns(Uint8Array.from([3, ...equal(2 ** 30), 5]), flat);
  }).toThrow(RangeError);
});
