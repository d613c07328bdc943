import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adapterTensors, readAdapter, writeAdapter } from '../../../domain/model/index.js';
import { planTraining, type TrainSettings } from '../../../domain/train/index.js';
import { createState, loadBaseModel, startMagnitudes } from '../../../domain/train/engine/index.js';
import { startBackend } from '../../../infra/compute/backend.js';
import { withModelFiles } from '../../../infra/compute/model-files.js';
import { runTraining } from '../../../infra/compute/train-job.js';
import type { CheckpointState } from '../../../schemas/index.js';
import {
  patternSequences,
  TINY_SETTINGS,
  writeTinyModel,
} from '../../fixtures/model/tiny-model.js';
import { python, runPython, writeDequantized } from './peer.js';

const MINUTE = 60_000;
const STEPS = 50;

/** Ten sequences in batches of two, two of these a step: the last step of an epoch has one. */
const sequences = patternSequences(10, 1);
const lengths = sequences.map(({ ids }) => ids.length);
const settings: TrainSettings = {
  ...TINY_SETTINGS,
  dropout: 0,
  optimizer: 'adamw',
  learningRate: 0.005,
  weightDecay: 0.01,
  epochs: 100,
  maxSteps: STEPS,
};

interface Curves {
  readonly own: CheckpointState['steps'];
  readonly peer: readonly { readonly loss: number; readonly learningRate: number }[];
  readonly adapters: readonly (readonly Float32Array[])[];
}

async function adapterIn(directory: string) {
  const read = (name: string) => readFile(join(directory, name));
  const adapter = await readAdapter({
    'adapter_config.json': await read('adapter_config.json'),
    'adapter_model.safetensors': await read('adapter_model.safetensors'),
  });
  return adapterTensors(adapter).map(({ data }) => data as Float32Array);
}

/** What Trainer needs to take the same steps: the same base, start, order and settings. */
async function prepare(directory: string, all: TrainSettings): Promise<void> {
  await writeTinyModel(join(directory, 'base'));
  for (const name of ['model', 'start']) await mkdir(join(directory, name));
  await copyFile(join(directory, 'base/config.json'), join(directory, 'model/config.json'));
  await startBackend('wasm+onnxruntime', 1);
  const start = await withModelFiles(join(directory, 'base'), async (config, tensors) => {
    const model = await loadBaseModel(tensors, config, all.quantization, config.maxPositions);
    await writeDequantized(model, tensors, join(directory, 'model/model.safetensors'));
    const state = createState(config, all);
    if (all.dora) await startMagnitudes(state, model);
    return writeAdapter(state.adapter, 'tiny');
  });
  for (const [name, bytes] of Object.entries(start))
    await writeFile(join(directory, 'start', name), bytes as Uint8Array);
  const tokens = sequences.map(({ ids, lossMask }) => ({ ids: [...ids], lossMask: [...lossMask] }));
  await writeFile(join(directory, 'tokens.json'), JSON.stringify(tokens));
  const plan = planTraining({ ...all, lengths, maxSteps: null });
  const epochs = Array.from({ length: Math.ceil(STEPS / plan.stepsPerEpoch) }, (_, epoch) =>
    plan.steps.slice(epoch * plan.stepsPerEpoch, (epoch + 1) * plan.stepsPerEpoch).flat(2),
  );
  await writeFile(join(directory, 'plan.json'), JSON.stringify({ settings: all, epochs }));
}

async function trainBoth(directory: string, all: TrainSettings): Promise<Curves> {
  await prepare(directory, all);
  const { state, adapter } = await runTraining(
    {
      modelDirectory: join(directory, 'base'),
      baseModelName: 'tiny',
      compute: { backend: 'wasm+onnxruntime', threads: 1 },
      settings: all,
      plan: planTraining({ ...all, lengths }),
      sequences,
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
  runPython(python ?? '', './train.py', directory);
  const peer = JSON.parse(await readFile(join(directory, 'curve.json'), 'utf8')) as Curves['peer'];
  const own = adapterTensors(await readAdapter(adapter)).map(({ data }) => data as Float32Array);
  return {
    own: state.steps,
    peer,
    adapters: [own, await adapterIn(join(directory, 'trained'))],
  };
}

const RUNS: readonly (readonly [string, Partial<TrainSettings>])[] = [
  ['LoRA in float32', { quantization: 'none' }],
  ['QLoRA from the same NF4 codes', { schedule: 'linear' }],
  ['rank-stabilized DoRA, padded', { rsLora: true, dora: true, packing: 'padded', warmupSteps: 3 }],
];

describe.skipIf(python === undefined).each(RUNS)('50 steps of %s beside Trainer', (_, change) => {
  let directory = '';
  let curves: Curves;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'custos-curve-'));
    curves = await trainBoth(directory, { ...settings, ...change });
  }, 10 * MINUTE);
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('have the same loss at every step', () => {
    expect(curves.peer).toHaveLength(STEPS);
    const off = curves.own.map(({ loss }, i) => Math.abs(loss / (curves.peer[i]?.loss ?? 0) - 1));
    const worst = Math.max(...off).toExponential(2);
    const [first, last] = [curves.own[0]?.loss ?? 0, curves.own.at(-1)?.loss ?? 0];
    console.info(`loss: ${first.toFixed(3)} to ${last.toFixed(3)}, largest difference ${worst}`);
    expect(last).toBeLessThan(0.8 * first);
    expect(Math.max(...off)).toBeLessThan(1e-3);
  });

  it('have the same learning rate at every step', () => {
    curves.own.forEach(({ learningRate }, i) => {
      expect(learningRate).toBeCloseTo(curves.peer[i]?.learningRate ?? NaN, 12);
    });
  });

  it('end with the same adapter', () => {
    const [own = [], peer = []] = curves.adapters;
    expect(own).toHaveLength(peer.length);
    own.forEach((data, i) => {
      const other = peer[i] ?? new Float32Array();
      const off = Math.hypot(...data.map((value, j) => value - (other[j] ?? NaN)));
      expect(off / Math.hypot(...other)).toBeLessThan(1e-2);
    });
  });
});
