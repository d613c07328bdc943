import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  adapterTensors,
  initializeAdapter,
  memorySource,
  openSafetensors,
  parseModelConfig,
  readAdapter,
  writeAdapter,
  writeSafetensors,
  type Adapter,
  type LoraSettings,
} from '../../domain/model/index.js';
import {
  batchGradients,
  batchLosses,
  createState,
  evaluate,
  loadBaseModel,
  packSequences,
  startMagnitudes,
  takeStep,
  uploadAdapter,
  type BaseModel,
} from '../../domain/train/engine/index.js';
import { planTraining } from '../../domain/train/index.js';
import { lcgValues } from '../../test/fixtures/model/lcg.js';
import {
  patternSequences,
  TINY_CONFIG,
  TINY_SETTINGS,
  tinyTensors,
} from '../../test/fixtures/model/tiny-model.js';
import { startBackend } from './backend.js';

const config = parseModelConfig(TINY_CONFIG);
const sequences = patternSequences(5, 3);
const batch = packSequences(sequences);

let model: BaseModel;
beforeAll(async () => {
  await startBackend('wasm+onnxruntime', 1);
  const source = await openSafetensors(memorySource('tiny', writeSafetensors(tinyTensors())));
  model = await loadBaseModel(source, config, 'nf4-double', config.maxPositions);
});

/** An adapter that is nowhere zero; magnitudes near the base model's own. */
async function living(lora: Omit<LoraSettings, 'r' | 'alpha' | 'dropout'>): Promise<Adapter> {
  const settings = { r: 4, alpha: 8, dropout: 0, ...lora };
  const state = createState(config, { ...TINY_SETTINGS, rsLora: false, dora: false, ...settings });
  await startMagnitudes(state, model);
  const layers = state.adapter.layers.map((layer) =>
    Object.fromEntries(
      Object.entries(layer).map(([module, { a, b, magnitude }], i) => [
        module,
        {
          a,
          b: lcgValues(b.length, 50 + i),
          ...(magnitude === undefined ? {} : { magnitude: magnitude.map((m) => 1.1 * m) }),
        },
      ]),
    ),
  );
  return { settings, layers };
}

async function gradientsOf(adapter: Adapter, recompute: boolean) {
  const uploaded = uploadAdapter(adapter);
  const weight = 1 / batch.rows.length;
  const drop = () => (x: tf.Tensor) => x;
  const { layers } = await batchGradients({
    model,
    adapter: uploaded,
    batch,
    weight,
    drop,
    recompute,
  });
  return adapterTensors({ ...adapter, layers }).map(({ name, data }) => ({
    name,
    data: data as Float32Array,
  }));
}

const q = { targetModules: ['q_proj'] as const };
const two = { targetModules: ['v_proj', 'down_proj'] as const };

describe.each([
  ['a rank-stabilized adapter on two modules', { ...two, rsLora: true, dora: false }],
  ['a DoRA adapter on one module', { ...q, dora: true }],
  [
    'a DoRA adapter on all modules',
    { targetModules: TINY_SETTINGS.targetModules, rsLora: true, dora: true },
  ],
])('%s', (_, lora) => {
  it('has the same gradients with and without recomputation', async () => {
    const adapter = await living(lora);
    expect(await gradientsOf(adapter, true)).toEqual(await gradientsOf(adapter, false));
  });

  it('has the gradient that finite differences give', async () => {
    const adapter = await living(lora);
    const loss = async () => (await evaluate(model, uploadAdapter(adapter), sequences)).meanLoss;
    // DoRA's row lengths are constants to the gradient, so that of A and B is not the whole slope.
    const checked = (await gradientsOf(adapter, false)).filter(
      ({ name }) => !lora.dora || name.endsWith('magnitude_vector'),
    );
    const tensors = new Map(adapterTensors(adapter).map(({ name, data }) => [name, data]));
    expect(checked.length).toBeGreaterThan(0);
    for (const { name, data: slopes } of checked) {
      const data = tensors.get(name) as Float32Array;
      const i = 3 % data.length;
      const original = data[i] ?? 0;
      const step = 2e-2;
      data[i] = original + step;
      const up = await loss();
      data[i] = original - step;
      const down = await loss();
      data[i] = original;
      expect(Math.abs((up - down) / (2 * step) - (slopes[i] ?? NaN)), name).toBeLessThan(2e-3);
    }
  });

  it('comes back from its files', async () => {
    const adapter = await living({ rsLora: false, ...lora });
    expect(await readAdapter(writeAdapter(adapter, 'base'))).toEqual(adapter);
  });
});

describe('a fresh DoRA adapter', () => {
  it('computes what the base model computes', async () => {
    const state = createState(config, { ...TINY_SETTINGS, dora: true });
    await startMagnitudes(state, model);
    const own = await batchLosses(model, uploadAdapter(state.adapter), batch);
    const base = await batchLosses(model, undefined, batch);
    own.forEach((loss, i) => {
      expect(Math.abs(loss - (base[i] ?? NaN))).toBeLessThan(1e-5);
    });
  });
});

describe('takeStep', () => {
  const settings = { ...TINY_SETTINGS, dropout: 0, warmupRatio: 0, optimizer: 'adamw' as const };
  const lengths = sequences.map(({ ids }) => ids.length);
  const step = async (change: Partial<typeof settings>) => {
    const all = { ...settings, ...change };
    const state = createState(config, all);
    if (all.dora) await startMagnitudes(state, model);
    const plan = planTraining({ ...all, lengths });
    const request = { model, settings: all, plan, sequences, onPass: () => undefined };
    const metrics: Awaited<ReturnType<typeof takeStep>>[] = [];
    for (const n of [0, 1]) metrics.push(await takeStep(state, { ...request, step: n }));
    return { state, metrics, plan };
  };

  it('gives every token the same loss packed and padded', async () => {
    const packed = packSequences(sequences);
    const padded = packSequences(sequences, { padded: true });
    expect(padded.ids.length).toBe(5 * Math.max(...lengths));
    expect(padded.labels).toEqual(packed.labels);
    const losses = [
      await batchLosses(model, undefined, packed),
      await batchLosses(model, undefined, padded),
    ];
    losses[0]?.forEach((loss, i) => {
      expect(Math.abs(loss - (losses[1]?.[i] ?? NaN))).toBeLessThan(2e-6);
    });
  });

  it('takes the same steps packed and padded', async () => {
    const [packed, padded] = [await step({}), await step({ packing: 'padded' })];
    expect(padded.plan.steps).not.toEqual(packed.plan.steps);
    expect(padded.plan.steps.map((passes) => passes.flat())).toEqual(
      packed.plan.steps.map((passes) => passes.flat()),
    );
    packed.metrics.forEach(({ loss, gradientNorm, tokens }, i) => {
      expect(padded.metrics[i]?.tokens).toBe(tokens);
      expect(padded.metrics[i]?.loss).toBeCloseTo(loss, 5);
      expect(padded.metrics[i]?.gradientNorm).toBeCloseTo(gradientNorm, 5);
    });
  });

  it('moves B by loraPlusRatio times as much, and A as before', async () => {
    const [plain, plus] = [await step({}), await step({ loraPlusRatio: 4 })].map(({ state }) =>
      adapterTensors(state.adapter),
    );
    const start = adapterTensors(createState(config, settings).adapter);
    const moved = (after: typeof plain, i: number) => {
      const [from, to] = [start[i]?.data as Float32Array, after?.[i]?.data as Float32Array];
      return Math.max(...to.map((value, j) => Math.abs(value - (from[j] ?? 0))));
    };
    // B is zero at first, so A moves from the second step on; B moves in both.
    expect(moved(plus, 1) / moved(plain, 1)).toBeGreaterThan(3);
    expect(moved(plus, 0) / moved(plain, 0)).toBeLessThan(1.5);
  });

  it('stops at a loss that is not finite, with the adapter as it was', async () => {
    const state = createState(config, settings);
    const broken = { ...model, finalNorm: tf.fill<tf.Rank.R1>([config.hiddenSize], NaN) };
    const plan = planTraining({ ...settings, lengths, maxSteps: 8 });
    const before = structuredClone(state.adapter);
    const request = { model: broken, settings, plan, sequences, onPass: () => undefined };
    await expect(takeStep(state, { ...request, step: 7 })).rejects.toThrow(
      expect.objectContaining({
        code: 'LOSS_NOT_FINITE',
        message: expect.stringContaining('step 8 is not a finite number') as string,
      }),
    );
    await expect(takeStep(state, { ...request, step: 7 })).rejects.toThrow(
      /checkpoint of step 6 is kept/,
    );
    expect(state.adapter).toEqual(before);
  });

  it.each([
    ['r', { r: 2 }],
    ['targetModules', { targetModules: ['q_proj'] as const }],
    ['dora', { dora: true }],
    ['alpha', { alpha: 16 }],
  ])('refuses to go on from an adapter with another %s', (name, change) => {
    const other = initializeAdapter(config, { ...settings, ...change }, 1);
    expect(() => createState(config, settings, other)).toThrow(
      expect.objectContaining({
        code: 'ADAPTER_MISMATCH',
        message: expect.stringContaining(`/train/${name}`) as string,
      }),
    );
  });
});
