import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  adapterTensors,
  memorySource,
  openSafetensors,
  readAdapter,
  writeSafetensors,
  type ModelConfig,
  type TensorSource,
} from '../../../domain/model/index.js';
import { planTraining } from '../../../domain/train/index.js';
import {
  batchGradients,
  batchLogits,
  exportLinearWeights,
  loadBaseModel,
  packSequences,
  uploadAdapter,
} from '../../../domain/train/engine/index.js';
import { withModelFiles } from '../../../infra/compute/model-files.js';
import { runTraining } from '../../../infra/compute/train-job.js';
import {
  patternSequences,
  TINY_SETTINGS,
  tinyTensors,
  TINY_CONFIG,
  writeTinyModel,
} from '../../fixtures/model/tiny-model.js';

const python = process.env['CUSTOS_PEFT_PYTHON'];
if (python === undefined) {
  console.info(
    'conformance/peft is skipped: set CUSTOS_PEFT_PYTHON to a python with torch and peft.',
  );
}

let directory = '';
let peer: TensorSource;
let engine: { logits: Float32Array; losses: Float32Array; gradients: Map<string, Float32Array> };
const sequences = patternSequences(5, 3);

const train = async (modelDirectory: string) => {
  const settings = { ...TINY_SETTINGS, maxSteps: 6 };
  const data = patternSequences(10, 1);
  const plan = planTraining({ ...settings, lengths: data.map(({ ids }) => ids.length) });
  const compute = { backend: 'wasm+onnxruntime', threads: 1 } as const;
  return runTraining(
    {
      modelDirectory,
      baseModelName: 'tiny',
      compute,
      settings,
      plan,
      sequences: data,
      heldOut: [],
    },
    {
      onStarted: () => undefined,
      onProgress: () => undefined,
      onEvaluation: () => undefined,
      onCheckpoint: () => Promise.resolve(),
      checkStop: () => undefined,
    },
  );
};

beforeAll(async () => {
  if (python === undefined) return;
  directory = await mkdtemp(join(tmpdir(), 'custos-peft-'));
  await writeTinyModel(join(directory, 'base'));
  const { adapter: files } = await train(join(directory, 'base'));
  await mkdir(join(directory, 'adapter'));
  for (const [name, bytes] of Object.entries(files))
    await writeFile(join(directory, 'adapter', name), bytes as Uint8Array);
  engine = await withModelFiles(join(directory, 'base'), (config, tensors) =>
    compute(config, tensors, files),
  );
  const tokens = sequences.map(({ ids, lossMask }) => ({ ids: [...ids], lossMask: [...lossMask] }));
  await writeFile(join(directory, 'tokens.json'), JSON.stringify(tokens));
  const script = fileURLToPath(new URL('./compare.py', import.meta.url));
  const versions = execFileSync(python, [script, directory], {
    encoding: 'utf8',
    env: { ...process.env, HF_HUB_OFFLINE: '1' },
  });
  console.info(`compared with ${versions.trim()}`);
  peer = await openSafetensors(
    memorySource('peer', await readFile(join(directory, 'peer.safetensors'))),
  );
}, 300_000);
afterAll(async () => {
  if (directory !== '') await rm(directory, { recursive: true });
});

/** The engine's own figures, and the weights it computed with written for the peer. */
async function compute(
  config: ModelConfig,
  tensors: TensorSource,
  files: Parameters<typeof readAdapter>[0],
) {
  const model = await loadBaseModel(tensors, config, 'nf4-double', config.maxPositions);
  const weights = exportLinearWeights(model);
  const dequantized = tinyTensors().map((tensor) => ({ ...tensor, ...weights.get(tensor.name) }));
  await mkdir(join(directory, 'model'));
  await writeFile(join(directory, 'model/config.json'), JSON.stringify(TINY_CONFIG));
  await writeFile(
    join(directory, 'model/model.safetensors'),
    writeSafetensors(dequantized, { format: 'pt' }),
  );
  const adapter = await readAdapter(files);
  const uploaded = uploadAdapter(adapter);
  const batch = packSequences(sequences);
  const weight = 1 / batch.rows.length;
  const { losses, layers } = batchGradients({
    model,
    adapter: uploaded,
    batch,
    weight,
    drop: () => (x) => x,
    recompute: true,
  });
  const slopes = adapterTensors({ ...adapter, layers });
  const gradients = new Map(slopes.map(({ name, data }) => [name, data as Float32Array]));
  return { logits: batchLogits(model, uploaded, batch), losses, gradients };
}

const maxDifference = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? NaN))), 0);
const norm = (a: Float32Array) => Math.sqrt(a.reduce((sum, value) => sum + value * value, 0));

describe.skipIf(python === undefined)('an adapter in Hugging Face peft', () => {
  it('gives the same logits over the dequantized base', async () => {
    const logits = await peer.readFloat32('logits');
    expect(logits.length).toBe(engine.logits.length);
    const difference = maxDifference(engine.logits, logits);
    console.info(
      `logits: largest difference ${difference.toExponential(2)}, largest logit ${Math.max(...logits).toFixed(2)}`,
    );
    expect(difference).toBeLessThan(1e-4);
  });

  it('gives the same loss', async () => {
    const [loss = NaN] = await peer.readFloat32('loss');
    const own = engine.losses.reduce((sum, value) => sum + value, 0) / engine.losses.length;
    expect(Math.abs(own - loss)).toBeLessThan(1e-5);
  });

  it('gives the same gradient for every LoRA tensor', async () => {
    expect(engine.gradients.size).toBe(peer.names.length - 2);
    let worst = 0;
    for (const [name, gradient] of engine.gradients) {
      const other = await peer.readFloat32(name);
      const difference = norm(gradient.map((value, i) => value - (other[i] ?? NaN))) / norm(other);
      worst = Math.max(worst, difference);
      expect(difference, name).toBeLessThan(1e-4);
    }
    console.info(`gradients: largest relative difference ${worst.toExponential(2)}`);
  });
});
