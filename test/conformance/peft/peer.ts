import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import {
  adapterTensors,
  memorySource,
  openSafetensors,
  readAdapter,
  writeSafetensors,
  type AdapterFiles,
  type ModelConfig,
  type TensorSource,
} from '../../../domain/model/index.js';
import type { TokenSequence } from '../../../domain/train/index.js';
import {
  batchLogits,
  exportLinearWeights,
  generate,
  loadBaseModel,
  packSequences,
  uploadAdapter,
  type BaseModel,
} from '../../../domain/train/engine/index.js';
import { withModelFiles } from '../../../infra/compute/model-files.js';
import { meanGradients } from '../../support/batch-gradients.js';

/** A python that has torch, transformers and peft; undefined where the tests have to be skipped. */
export const python = process.env['CUSTOS_PEFT_PYTHON'];

export interface Compared {
  /** What the engine computed; gradients under the names of the adapter file. */
  readonly engine: {
    readonly logits: Float32Array;
    readonly losses: Float32Array;
    readonly gradients: ReadonlyMap<string, Float32Array>;
  };
  /** Tokens that follow the first of every sequence, greedily: here, and in Hugging Face. */
  readonly generated: readonly (readonly number[])[];
  readonly peerGenerated: readonly (readonly number[])[];
  /** `logits`, `loss` and a gradient for each LoRA tensor, as Hugging Face computed them. */
  readonly peer: TensorSource;
}

export interface Comparison {
  /** An empty directory to work in. */
  readonly directory: string;
  readonly python: string;
  readonly modelDirectory: string;
  readonly adapter: AdapterFiles;
  readonly sequences: readonly TokenSequence[];
}

/** The base model as the engine computes with it: linear weights after NF4, all in float32. */
export async function writeDequantized(model: BaseModel, tensors: TensorSource, path: string) {
  const linear = await exportLinearWeights(model);
  const all = [];
  for (const name of tensors.names) {
    const data = linear.get(name)?.data ?? (await tensors.readFloat32(name));
    all.push({ name, shape: tensors.shape(name), data });
  }
  await writeFile(path, writeSafetensors(all, { format: 'pt' }));
}

async function computeHere(
  { directory, adapter: files, sequences }: Comparison,
  config: ModelConfig,
  tensors: TensorSource,
): Promise<Pick<Compared, 'engine' | 'generated'>> {
  const model = await loadBaseModel(tensors, config, 'nf4-double', config.maxPositions);
  await writeDequantized(model, tensors, join(directory, 'model/model.safetensors'));
  const adapter = await readAdapter(files);
  const uploaded = uploadAdapter(adapter);
  const batch = packSequences(sequences);
  const { losses, layers } = await meanGradients({ model, adapter: uploaded, batch });
  const slopes = adapterTensors({ ...adapter, layers });
  const gradients = new Map(slopes.map(({ name, data }) => [name, data as Float32Array]));
  const prompts = sequences.map(({ ids }) => ids.slice(0, 4));
  const stopIds = config.eosTokenIds;
  const greedy = { maxNewTokens: 16, temperature: 0, topP: 1, seed: 1, stopIds };
  const generated = (await generate(model, uploaded, prompts, greedy)).map((ids) => [...ids]);
  const engine = { logits: await batchLogits(model, uploaded, batch), losses, gradients };
  return { engine, generated };
}

/** Runs one of the scripts beside this file on a directory. */
export const runPython = (executable: string, script: string, directory: string): void => {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const versions = execFileSync(executable, [path, directory], {
    encoding: 'utf8',
    env: { ...process.env, HF_HUB_OFFLINE: '1' },
  });
  console.info(`compared with ${versions.trim()}`);
};

/** Computes logits, loss and gradients here and in Hugging Face, from the same files. */
export async function compareWithPeer(comparison: Comparison): Promise<Compared> {
  const { directory, modelDirectory, adapter, sequences } = comparison;
  await mkdir(join(directory, 'model'));
  await copyFile(join(modelDirectory, 'config.json'), join(directory, 'model/config.json'));
  await mkdir(join(directory, 'adapter'));
  for (const [name, bytes] of Object.entries(adapter))
    await writeFile(join(directory, 'adapter', name), bytes as Uint8Array);
  const own = await withModelFiles(modelDirectory, (config, tensors) =>
    computeHere(comparison, config, tensors),
  );
  const tokens = sequences.map(({ ids, lossMask }) => ({ ids: [...ids], lossMask: [...lossMask] }));
  await writeFile(join(directory, 'tokens.json'), JSON.stringify(tokens));
  runPython(comparison.python, './compare.py', directory);
  const bytes = await readFile(join(directory, 'peer.safetensors'));
  const text = await readFile(join(directory, 'generated.json'), 'utf8');
  // Hugging Face ends a generation with the stop token, and the engine before it.
  const peerGenerated = (JSON.parse(text) as number[][]).map((ids) => ids.filter((id) => id !== 2));
  return { ...own, peerGenerated, peer: await openSafetensors(memorySource('peer', bytes)) };
}

const norm = (a: Float32Array) => Math.sqrt(a.reduce((sum, value) => sum + value * value, 0));
const lessEach = (a: Float32Array, b: Float32Array) =>
  a.map((value, i) => value - (b[i] ?? Number.NaN));

/** Fails where a logit differs by more than `tolerance`. */
export async function expectSameLogits({ engine, peer }: Compared, tolerance: number) {
  const logits = await peer.readFloat32('logits');
  expect(logits.length).toBe(engine.logits.length);
  const difference = lessEach(engine.logits, logits).reduce(
    (most, value) => Math.max(most, Math.abs(value)),
    0,
  );
  console.info(
    `logits: ${String(logits.length)} compared, largest difference ${difference.toExponential(2)}`,
  );
  expect(difference).toBeLessThan(tolerance);
}

export async function expectSameLoss({ engine, peer }: Compared, tolerance: number) {
  const [loss = Number.NaN] = await peer.readFloat32('loss');
  const own = engine.losses.reduce((sum, value) => sum + value, 0) / engine.losses.length;
  expect(Math.abs(own - loss)).toBeLessThan(tolerance);
}

/** Fails where the gradient of a LoRA tensor differs by more than `tolerance` of its norm. */
export async function expectSameGradients({ engine, peer }: Compared, tolerance: number) {
  expect(engine.gradients.size).toBe(peer.names.length - 2);
  let worst = 0;
  for (const [name, gradient] of engine.gradients) {
    const other = await peer.readFloat32(name);
    const difference = norm(lessEach(gradient, other)) / norm(other);
    worst = Math.max(worst, difference);
    expect(difference, name).toBeLessThan(tolerance);
  }
  console.info(`gradients: largest relative difference ${worst.toExponential(2)}`);
}
