import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillDropoutMask } from './dropout.js';
import { clipGradients } from './optimizer.js';
import { planTraining, shuffledOrder } from './plan.js';
import { learningRate } from './schedule.js';

const { cosine_warmup: vector } = JSON.parse(
  readFileSync(
    new URL('../../test/fixtures/model/rope-schedule-vectors.json', import.meta.url),
    'utf8',
  ),
) as {
  cosine_warmup: {
    base_lr: number;
    total: number;
    warmup_ratio: number;
    lr_at_step: Record<string, number>;
  };
};

const base = { seed: 42, epochs: 3, batchSize: 2, accumulation: 4, maxSteps: null };

describe('planTraining', () => {
  it('visits every sequence once an epoch, in steps of batch times accumulation (property)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 2, max: 512 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 64, max: 1024 }),
        (lengths, passTokens) => {
          const plan = planTraining({ ...base, lengths, passTokens });
          expect(plan.steps).toHaveLength(3 * plan.stepsPerEpoch);
          for (let epoch = 0; epoch < 3; epoch++) {
            const steps = plan.steps.slice(
              epoch * plan.stepsPerEpoch,
              (epoch + 1) * plan.stepsPerEpoch,
            );
            expect(steps.flat(2).sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
            steps.slice(0, -1).forEach((step) => {
              expect(step.flat()).toHaveLength(8);
            });
          }
          for (const pass of plan.steps.flat()) {
            const tokens = pass.reduce((sum, index) => sum + (lengths[index] ?? 0), 0);
            expect(pass.length === 1 || tokens <= passTokens).toBe(true);
          }
        },
      ),
    );
  });

  it.each([
    [{ epochs: 3 }, 9],
    [{ epochs: 0.5 }, 2],
    [{ epochs: 3, maxSteps: 4 }, 4],
    [{ epochs: 1, maxSteps: 40 }, 3],
  ])('takes %j of 20 sequences in %i steps', (change, steps) => {
    const lengths = Array.from({ length: 20 }, () => 10);
    expect(planTraining({ ...base, lengths, ...change }).steps).toHaveLength(steps);
  });

  describe('cut within its first epoch', () => {
    const CANARIES = 14;
    const lengths = Array.from({ length: 200 }, (_, index) => 10 + (index % 40));
    const cut = (seed: number, maxSteps: number, epochs = 3) =>
      planTraining({ ...base, seed, epochs, maxSteps, lengths, canaries: CANARIES });
    const read = (seed: number, maxSteps: number) => cut(seed, maxSteps).steps.flat(2);

    it('reads every canary once, and as many different records as fit (property)', () => {
      fc.assert(
        fc.property(fc.nat(10_000), fc.integer({ min: 2, max: 24 }), (seed, maxSteps) => {
          const plan = cut(seed, maxSteps);
          const indices = plan.steps.flat(2);
          expect(plan).toEqual(cut(seed, maxSteps));
          expect(new Set(indices).size).toBe(indices.length);
          expect(indices.filter((index) => index >= 200 - CANARIES)).toHaveLength(CANARIES);
          plan.steps.forEach((step) => {
            expect(step.flat()).toHaveLength(8);
          });
        }),
      );
    });

    it('mixes canaries and records evenly, and draws both anew for another seed', () => {
      const early = Array.from({ length: 200 }, (_, seed) =>
        read(seed, 10)
          .slice(0, 40)
          .filter((index) => index >= 200 - CANARIES),
      ).flat().length;
      // 2,800 canaries in 80 places each: half of them in the first 40, standard deviation 25.
      expect(Math.abs(early - 1400)).toBeLessThan(100);
      const drawn = Array.from({ length: 200 }, (_, seed) => read(seed, 10)).flat();
      // 66 of 186 records each time: the first ten 710 times in all, standard deviation 21.
      expect(Math.abs(drawn.filter((index) => index < 10).length - 710)).toBeLessThan(90);
    });

    it('reads a draw of the canaries where not even these fit', () => {
      expect(new Set(read(1, 1)).size).toBe(8);
      expect(read(1, 1).every((index) => index >= 200 - CANARIES)).toBe(true);
    });

    it('holds for a share of an epoch, and is not there for a whole one', () => {
      const half = planTraining({ ...base, epochs: 0.5, lengths, canaries: CANARIES });
      expect(half.steps.flat(2).filter((index) => index >= 200 - CANARIES)).toHaveLength(CANARIES);
      const whole = { ...base, epochs: 3, maxSteps: 30, lengths };
      expect(planTraining({ ...whole, canaries: CANARIES })).toEqual(planTraining(whole));
    });
  });

  it('is a function of the seed, and shuffles each epoch anew', () => {
    expect(shuffledOrder(50, 42, 0)).toEqual(shuffledOrder(50, 42, 0));
    expect(shuffledOrder(50, 42, 1)).not.toEqual(shuffledOrder(50, 42, 0));
    expect(shuffledOrder(50, 43, 0)).not.toEqual(shuffledOrder(50, 42, 0));
  });

  it('refuses an empty dataset', () => {
    expect(() => planTraining({ ...base, lengths: [] })).toThrow(
      expect.objectContaining({ code: 'PLAN_EMPTY' }),
    );
  });
});

describe('learningRate', () => {
  const schedule = {
    baseRate: vector.base_lr,
    warmupRatio: vector.warmup_ratio,
    totalSteps: vector.total,
  };

  it.each(Object.entries(vector.lr_at_step))(
    'of cosine with warm-up at step %s is the reference',
    (step, rate) => {
      expect(learningRate({ kind: 'cosine', ...schedule }, Number(step))).toBeCloseTo(rate, 15);
    },
  );

  it('falls in a line, or stays', () => {
    expect(learningRate({ kind: 'linear', ...schedule, warmupRatio: 0 }, 75)).toBeCloseTo(
      vector.base_lr / 4,
      12,
    );
    expect(learningRate({ kind: 'constant', ...schedule }, 99)).toBe(vector.base_lr);
  });
});

describe('clipGradients', () => {
  it('scales to the joint norm and returns the norm before', () => {
    const gradients = [Float32Array.of(3, 0), Float32Array.of(0, 4)];
    expect(clipGradients(gradients, 1)).toBeCloseTo(5, 6);
    expect(gradients.flatMap((g) => [...g]).map((g) => g.toFixed(4))).toEqual([
      '0.6000',
      '0.0000',
      '0.0000',
      '0.8000',
    ]);
    expect(clipGradients(gradients, 1)).toBeCloseTo(1, 5);
  });
});

describe('fillDropoutMask', () => {
  it('drops the stated share, keeps the mean and repeats itself', () => {
    const key = { seed: 42, step: 3, stream: 17 };
    const mask = new Float32Array(50_000);
    fillDropoutMask(mask, 0.05, key);
    const dropped = mask.filter((value) => value === 0).length / mask.length;
    expect(Math.abs(dropped - 0.05)).toBeLessThan(0.004);
    expect(mask.reduce((a, b) => a + b) / mask.length).toBeCloseTo(1, 2);
    const again = new Float32Array(mask.length);
    fillDropoutMask(again, 0.05, key);
    expect(again).toEqual(mask);
    fillDropoutMask(again, 0.05, { ...key, stream: 18 });
    expect(again).not.toEqual(mask);
  });
});
