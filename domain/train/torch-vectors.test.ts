import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { lcgValues } from '../../test/fixtures/model/lcg.js';
import { floatMoments, updateFloat } from './adamw.js';
import { adaptedLinear, type PairTensors } from './engine/lora.js';
import { clipGradients } from './optimizer.js';
import { learningRate, type Schedule } from './schedule.js';

interface Vectors {
  readonly adamw: {
    readonly size: number;
    readonly updates: number;
    readonly rate: number;
    readonly weightDecay: number;
    readonly parameter: readonly number[];
    readonly m: readonly number[];
    readonly v: readonly number[];
  };
  readonly schedules: readonly {
    readonly kind: Schedule['kind'];
    readonly warmupSteps: number;
    readonly totalSteps: number;
    readonly baseRate: number;
    readonly rates: readonly number[];
  }[];
  readonly clip: readonly {
    readonly maxNorm: number;
    readonly norm: number;
    readonly gradients: readonly (readonly number[])[];
  }[];
  readonly lora: Readonly<Record<'rows' | 'ins' | 'outs' | 'r' | 'scale', number>> &
    Readonly<Record<'y' | 'dx' | 'da' | 'db', readonly number[]>>;
}

/** Made by torch-vectors.py beside it, which says what the inputs are. */
const vectors = JSON.parse(
  readFileSync(new URL('../../test/fixtures/train/torch-vectors.json', import.meta.url), 'utf8'),
) as Vectors;

/** The largest difference of two lists, relative to the largest value; NaN where lengths differ. */
function furthest(own: ArrayLike<number>, torch: readonly number[]): number {
  const reach = Math.max(...torch.map(Math.abs));
  if (own.length !== torch.length) return NaN;
  return Math.max(...torch.map((value, i) => Math.abs((own[i] ?? NaN) - value))) / reach;
}

describe('updateFloat', () => {
  it("follows torch's AdamW to a part in a million over twelve updates", () => {
    const { size, updates, rate, weightDecay, parameter, m, v } = vectors.adamw;
    const own = lcgValues(size, 1);
    const moments = floatMoments(size);
    for (let t = 1; t <= updates; t++) {
      const update = { rate, weightDecay, t, decayFirst: true };
      updateFloat(own, lcgValues(size, 100 + t), moments, update);
    }
    expect(furthest(own, parameter)).toBeLessThan(1e-6);
    expect(furthest(moments.m, m)).toBeLessThan(1e-6);
    expect(furthest(moments.v, v)).toBeLessThan(1e-6);
  });
});

describe('learningRate', () => {
  it.each(
    vectors.schedules.map((one) => [one.kind, one.warmupSteps, one.totalSteps, one] as const),
  )(
    'gives the rates of transformers: %s, %d updates of warm-up in %d',
    (kind, warmupSteps, totalSteps, { baseRate, rates }) => {
      const schedule = { kind, baseRate, warmupRatio: 0, warmupSteps, totalSteps };
      expect(rates).toHaveLength(totalSteps + 1);
      const own = rates.map((_, step) => learningRate(schedule, step));
      expect(furthest(own, rates)).toBeLessThan(1e-14);
    },
  );
});

describe('clipGradients', () => {
  it.each(vectors.clip.map((one) => [one.maxNorm, one] as const))(
    'scales the gradients to a joint norm of at most %d as torch does',
    (maxNorm, { norm, gradients }) => {
      const own = gradients.map(({ length }, i) => lcgValues(length, 31 + i));
      expect(Math.abs(clipGradients(own, maxNorm) / norm - 1)).toBeLessThan(1e-6);
      for (const [i, gradient] of gradients.entries())
        expect(furthest(own[i] ?? [], gradient)).toBeLessThan(1e-6);
    },
  );
});

describe('adaptedLinear', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it('has the value and the gradients that autograd gives of a small module', async () => {
    const { rows, ins, outs, r, scale, y, dx, da, db } = vectors.lora;
    const matrix = (n: number, m: number, seed: number) =>
      tf.tensor2d(
        lcgValues(n * m, seed).map((value) => 20 * value),
        [n, m],
      );
    const weight = matrix(outs, ins, 42);
    const inputs = [matrix(rows, ins, 41), matrix(r, ins, 43), matrix(outs, r, 44)];
    const forward = (x: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => {
      const pair = { a, b } as PairTensors;
      return adaptedLinear(x, { weight, bias: undefined }, pair, scale, (kept) => kept);
    };
    const upstream = tf.tensor2d(lcgValues(rows * outs, 45), [rows, outs]);
    const [x, a, b] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor];
    const slopes = tf.grads(forward)(inputs, upstream);
    const own = await Promise.all([forward(x, a, b), ...slopes].map((one) => one.data()));
    for (const [i, expected] of [y, dx, da, db].entries())
      expect(furthest(own[i] ?? [], expected)).toBeLessThan(1e-6);
  });
});
