import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  adapterTensors,
  memorySource,
  openSafetensors,
  writeSafetensors,
  type ModelConfig,
  type TensorSource,
} from '../../domain/model/index.js';
import {
  batchLogits,
  disposeAdapter,
  generate,
  hasKernel,
  loadBaseModel,
  packSequences,
  uploadAdapter,
} from '../../domain/train/engine/index.js';
import {
  decodeFloats,
  FAMILIES,
  FAMILY_SEQUENCES,
  familyAdapter,
  familyConfig,
  familyTensors,
  PROMPT_TOKENS,
  type FamilyCase,
} from '../../test/fixtures/model/families.js';
import { lcgValues } from '../../test/fixtures/model/lcg.js';
import { TESTED_WEBGPU } from '../../test/support/webgpu-device.js';
import { startBackend } from './backend.js';
import { meanGradients } from '../../test/support/batch-gradients.js';

const batch = packSequences(FAMILY_SEQUENCES);

async function prepare(family: FamilyCase, change: Partial<ModelConfig> = {}) {
  const config = { ...familyConfig(family), ...change };
  const bytes = writeSafetensors(familyTensors(config));
  const source: TensorSource = await openSafetensors(memorySource('model', bytes));
  const model = await loadBaseModel(source, config, 'none', config.maxPositions);
  return { model, adapter: familyAdapter(config) };
}

const furthest = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? NaN))), 0);

const dot = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? NaN), 0);

/** The largest difference to the fixture's norms and products, relative to the norm. */
function furthestGradient(
  gradients: ReadonlyMap<string, Float32Array>,
  expected: FamilyCase['gradients'],
): number {
  return Object.keys(expected)
    .sort()
    .reduce((most, name, i) => {
      const [norm, product] = expected[name] ?? [NaN, NaN];
      const own = gradients.get(name) ?? new Float32Array();
      const probe = lcgValues(own.length, 7 + i);
      const length = Math.sqrt(dot(own, own));
      const reach = norm * Math.sqrt(dot(probe, probe));
      return Math.max(
        most,
        Math.abs(length - norm) / norm,
        Math.abs(dot(own, probe) - product) / reach,
      );
    }, 0);
}

async function logitDifference(family: FamilyCase, change: Partial<ModelConfig> = {}) {
  const { model, adapter } = await prepare(family, change);
  const uploaded = uploadAdapter(adapter);
  return furthest(await batchLogits(model, uploaded, batch), decodeFloats(family.logits));
}

const find = (wanted: string): FamilyCase =>
  FAMILIES.find(([name]) => name === wanted)?.[1] ?? expect.fail(`no family ${wanted}`);

/** Changes every layer's attention. */
const layersOf = (family: FamilyCase, change: object) => ({
  layerSettings: familyConfig(family).layerSettings.map((layer) => ({ ...layer, ...change })),
});

describe('operations that every backend has', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it.each(['llama-3', 'mistral', 'qwen3', 'smollm3', 'gemma2'])(
    'compute %s as transformers does',
    async (name) => {
      expect(hasKernel('CustosCausalSoftmax', 'cpu')).toBe(false);
      expect(await logitDifference(find(name))).toBeLessThan(2e-4);
    },
  );
});

const CASES = (['wasm+onnxruntime', ...TESTED_WEBGPU] as const).flatMap((backend) =>
  FAMILIES.map(([name, family]) => [name, backend, family] as const),
);

describe.each(CASES)(
  '%s computes on %s what transformers and peft compute',
  (_, backend, family) => {
    beforeAll(() => startBackend(backend, 1));

    it('logits, loss, gradients and greedy text', { timeout: 120_000 }, async () => {
      const { model, adapter } = await prepare(family);
      const uploaded = uploadAdapter(adapter);
      const logits = await batchLogits(model, uploaded, batch);
      expect(furthest(logits, decodeFloats(family.logits))).toBeLessThan(2e-4);
      for (const recompute of [true, false]) {
        const { loss, layers } = await meanGradients({
          model,
          adapter: uploaded,
          batch,
          recompute,
        });
        expect(Math.abs(loss - family.loss)).toBeLessThan(2e-5);
        const named = new Map(
          adapterTensors({ ...adapter, layers }).map(({ name, data }) => [
            name,
            data as Float32Array,
          ]),
        );
        expect(furthestGradient(named, family.gradients)).toBeLessThan(2e-4);
      }
      const prompt = FAMILY_SEQUENCES[0]?.ids.slice(0, PROMPT_TOKENS) ?? new Int32Array();
      const [text] = await generate(model, uploaded, [prompt], {
        maxNewTokens: family.generated.length,
        temperature: 0,
        topP: 1,
        seed: 1,
        stopIds: [],
      });
      expect([...(text ?? [])]).toEqual(family.generated);
      disposeAdapter(uploaded);
      tf.disposeVariables();
    });
  },
);

describe('what a family states', () => {
  beforeAll(() => startBackend('wasm+onnxruntime', 1));

  it.each<[string, string, (family: FamilyCase) => Partial<ModelConfig>]>([
    ['mistral', 'window', (family) => layersOf(family, { window: undefined })],
    ['mistral', 'width of the window', (family) => layersOf(family, { window: 5 })],
    ['qwen2-windowed', 'layers with a window', (family) => layersOf(family, { window: 5 })],
    ['smollm3', 'layers without rotation', (family) => layersOf(family, { rope: 0 })],
    ['gemma3', 'rope of windowed layers', (family) => layersOf(family, { rope: 0 })],
    ['llama-3', 'rope scaling', () => ({ ropes: [{ type: 'default', theta: 5e5 }] })],
    ['qwen2', 'yarn', () => ({ ropes: [{ type: 'default', theta: 1e4 }] })],
    ['gemma', 'scale of embeddings', () => ({ embeddingScale: 1 })],
    ['gemma', 'activation', () => ({ activation: 'silu' })],
    ['gemma2', 'scale of scores', () => ({ attentionScale: 12 ** -0.5 })],
    ['gemma2', 'softcap of scores', () => ({ attentionSoftcap: undefined })],
    ['gemma2', 'softcap of logits', () => ({ logitSoftcap: undefined })],
    ['llama-biased', 'biases', () => ({ biases: [] })],
  ])('%s: its %s changes the logits', async (name, _, change) => {
    const family = find(name);
    expect(await logitDifference(family, change(family))).toBeGreaterThan(5e-3);
  });
});
