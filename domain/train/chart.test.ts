import { describe, expect, it } from 'vitest';
import { trainingChart } from './chart.js';

const state = (losses: readonly number[], heldOut: readonly (readonly [number, number])[]) => ({
  step: losses.length,
  epoch: 1,
  steps: losses.map((loss, i) => ({
    step: i + 1,
    loss,
    learningRate: 1e-4 * (losses.length - i),
    gradientNorm: 1,
    tokens: 10,
  })),
  evaluations: heldOut.map(([step, heldOutLoss]) => ({ step, heldOutLoss })),
});

/** The points of the path with a color, as [x, y]. */
function pointsOf(svg: string, color: string): readonly (readonly [number, number])[] {
  const path = new RegExp(`<path d="([^"]+)" fill="none" stroke="${color}"`).exec(svg)?.[1] ?? '';
  return [...path.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
}

describe('trainingChart', () => {
  const svg = trainingChart(
    state(
      [4, 3, 2],
      [
        [0, 5],
        [3, 1],
      ],
    ),
  );

  it('draws every step and evaluation to one scale', () => {
    const trained = pointsOf(svg, '#1f77b4');
    const heldOut = pointsOf(svg, '#d62728');
    expect(trained).toHaveLength(3);
    expect(heldOut).toEqual([
      [64, 44],
      [704, 244],
    ]);
    // A loss of 4 lies a quarter below 5 on the way to 1.
    expect(trained[0]?.[1]).toBe(94);
    expect(pointsOf(svg, '#2ca02c').map(([, y]) => y)).toEqual([320, 420, 520]);
  });

  it.each([
    ['no step', state([], [])],
    ['one step', state([3], [])],
    ['a loss that stays', state([3, 3], [[0, 3]])],
  ])('is a document of finite numbers with %s', (_, figures) => {
    const drawn = trainingChart(figures);
    expect(drawn).toMatch(/^<svg [^]*<\/svg>\n$/);
    expect(drawn).not.toMatch(/NaN|Infinity|undefined|<script|href/);
  });
});
