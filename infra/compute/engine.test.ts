import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import {
  adapterTensors,
  initializeAdapter,
  LORA_MODULES,
  memorySource,
  openSafetensors,
  parseModelConfig,
  writeSafetensors,
  type Adapter,
} from '../../domain/model/index.js';
import {
  batchGradients,
  batchLogits,
  batchLosses,
  evaluate,
  generate,
  hasKernel,
  HOST_KERNELS,
  loadBaseModel,
  packSequences,
  scoreSequences,
  uploadAdapter,
} from '../../domain/train/engine/index.js';
import {
  patternSequences,
  TINY_CONFIG,
  tinyTensors,
} from '../../test/fixtures/model/tiny-model.js';
import { lcgValues } from '../../test/fixtures/model/lcg.js';
import { TESTED_WEBGPU } from '../../test/support/webgpu-device.js';
import { startBackend } from './backend.js';
import { findNative } from './tensorflow/index.js';

/** With WebGPU where there is a device, and native TensorFlow where "custos setup tensorflow" has been run. */
const FUSED = [
  'cpu',
  'wasm',
  'wasm+onnxruntime',
  ...TESTED_WEBGPU,
  ...(findNative('tfjs-node') === undefined ? [] : (['tfjs-node'] as const)),
] as const;

const config = parseModelConfig(TINY_CONFIG);
const sequences = patternSequences(5, 3);
const batch = packSequences(sequences);

/** An adapter whose B is not zero, so that every gradient is alive. */
function adapterOf(seed: number): Adapter {
  const fresh = initializeAdapter(
    config,
    { r: 4, alpha: 8, dropout: 0, targetModules: LORA_MODULES },
    seed,
  );
  const layers = fresh.layers.map((layer) =>
    Object.fromEntries(
      Object.entries(layer).map(([module, { a, b }], i) => [
        module,
        { a, b: lcgValues(b.length, 50 + i) },
      ]),
    ),
  );
  return { ...fresh, layers };
}

async function loadModel() {
  const source = await openSafetensors(memorySource('tiny', writeSafetensors(tinyTensors())));
  return loadBaseModel(source, config, 'nf4-double', config.maxPositions);
}

/** All gradients one after another, and the losses. */
async function gradients(recompute: boolean, dropout = false) {
  const model = await loadModel();
  const adapter = uploadAdapter(adapterOf(5));
  const before = tf.memory().numTensors;
  const result = await batchGradients({
    model,
    adapter,
    batch,
    weight: 1 / batch.rows.length,
    drop: () => (x) => (dropout ? tf.tidy(() => tf.mul(x, maskOf(x))) : x),
    recompute,
  });
  const leaked = tf.memory().numTensors - before;
  const all = adapterTensors({ ...adapterOf(5), layers: result.layers }).flatMap(({ data }) => [
    ...data,
  ]);
  return { losses: result.losses, all, leaked };
}

/** Drops every third element. */
function maskOf(x: tf.Tensor): tf.Tensor {
  return tf.tensor(
    Float32Array.from({ length: x.size }, (_, i) => (i % 3 === 0 ? 0 : 1.5)),
    x.shape,
  );
}

const furthest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? NaN))), 0);

describe('backends', () => {
  it.each([false, true])(
    'agree, plain and fused (dropout: %s)',
    async (dropout) => {
      await tf.setBackend('cpu');
      for (const { name } of HOST_KERNELS) {
        if (hasKernel(name, 'cpu')) tf.unregisterKernel(name, 'cpu');
      }
      const plain = await gradients(true, dropout);
      expect(Math.max(...plain.all.map(Math.abs))).toBeGreaterThan(0.01);
      for (const backend of FUSED) {
        await startBackend(backend, 2);
        const fused = await gradients(true, dropout);
        expect(furthest(fused.losses, plain.losses), backend).toBeLessThan(1e-5);
        expect(furthest(fused.all, plain.all), backend).toBeLessThan(1e-5);
      }
    },
    60_000,
  );

  it('are never replaced silently', async () => {
    vi.stubEnv('CUSTOS_CACHE_DIR', '/nonexistent');
    await expect(startBackend('tfjs-node', 1)).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: expect.stringContaining('custos setup tensorflow') as string,
    });
    vi.unstubAllEnvs();
  });
});

describe('the engine on wasm with onnxruntime', () => {
  beforeAll(() => startBackend('wasm+onnxruntime', 2));

  it('gives the same bits with and without recomputation, and leaks no tensor', async () => {
    const recomputed = await gradients(true);
    const kept = await gradients(false);
    expect(recomputed.all).toEqual(kept.all);
    expect([recomputed.leaked, kept.leaked]).toEqual([0, 0]);
  });

  it('has the gradient that finite differences give', async () => {
    const model = await loadModel();
    const adapter = adapterOf(5);
    const { all } = await gradients(false);
    const loss = async (a: Adapter) =>
      (await evaluate(model, uploadAdapter(a), sequences)).meanLoss;
    const flat = adapterTensors(adapter).map(({ data }) => data as Float32Array);
    let at = 0;
    for (const data of flat) {
      const i = 3 % data.length;
      const step = 2e-2;
      const original = data[i] ?? 0;
      data[i] = original + step;
      const up = await loss(adapter);
      data[i] = original - step;
      const down = await loss(adapter);
      data[i] = original;
      expect(Math.abs((up - down) / (2 * step) - (all[at + i] ?? NaN))).toBeLessThan(2e-3);
      at += data.length;
    }
  });

  it('computes packed sequences as if each were alone', async () => {
    const model = await loadModel();
    const together = await batchLosses(model, undefined, batch);
    const alone: number[] = [];
    for (const sequence of sequences)
      alone.push(...(await batchLosses(model, undefined, packSequences([sequence]))));
    expect(furthest(together, alone)).toBeLessThan(1e-5);
  });

  it('scores every token after the first; the adapter can be switched off', async () => {
    const model = await loadModel();
    const scores = await scoreSequences(model, undefined, sequences);
    expect(scores.map(({ length }) => length)).toEqual(sequences.map(({ ids }) => ids.length - 1));
    const counted = scores.flatMap((own, i) =>
      [...own].filter((_, t) => sequences[i]?.lossMask[t + 1] !== 0),
    );
    const mean = -counted.reduce((a, b) => a + b) / counted.length;
    expect(mean).toBeCloseTo((await evaluate(model, undefined, sequences)).meanLoss, 5);
    const on = await scoreSequences(model, uploadAdapter(adapterOf(5)), sequences);
    expect(furthest(on[0] ?? [], scores[0] ?? [])).toBeGreaterThan(1e-3);
  });

  it('generates greedily what repeated full passes choose', async () => {
    const model = await loadModel();
    const adapter = uploadAdapter(adapterOf(5));
    const prompt = Int32Array.of(5, 12, 19, 26);
    const settings = { maxNewTokens: 10, temperature: 0, topP: 1, seed: 1, stopIds: [] };
    const before = tf.memory().numTensors;
    const [generated] = await generate(model, adapter, [prompt], settings);
    expect(tf.memory().numTensors).toBe(before);
    const ids = [...prompt];
    for (let n = 0; n < 10; n++) {
      const whole = packSequences(
        [{ recordId: 'r', ids: Int32Array.from(ids), lossMask: new Uint8Array(ids.length) }],
        { all: true },
      );
      const logits = (await batchLogits(model, adapter, whole)).slice(-config.vocabSize);
      ids.push(logits.indexOf(Math.max(...logits)));
    }
    expect([...(generated ?? [])]).toEqual(ids.slice(4));
    const [stopped] = await generate(model, adapter, [prompt], {
      ...settings,
      stopIds: [generated?.[3] ?? 0],
    });
    expect(stopped?.length).toBeLessThanOrEqual(3);
  });
});
