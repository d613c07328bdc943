import * as tf from '@tensorflow/tfjs';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  dequantizeNf4,
  quantizeNf4,
  type Nf4Dtype,
  type Nf4Tensor,
} from '../../../domain/model/index.js';
import { placeWeight, readValues, unpackWeight } from '../../../domain/train/engine/index.js';
import {
  planTraining,
  type Checkpoint,
  type TrainingRequest,
  type TrainingResult,
} from '../../../domain/train/index.js';
import { lcgValues } from '../../../test/fixtures/model/lcg.js';
import { patternSequences, TINY_SETTINGS } from '../../../test/fixtures/model/tiny-model.js';
import { missingWebgpu } from '../../../test/support/webgpu-device.js';
import { startBackend } from '../backend.js';
import { tryBackends } from '../probe.js';
import { runTraining } from '../train-job.js';
import { tinyModelFolder } from '../../../test/support/tiny-model-folder.js';

const note = missingWebgpu === undefined ? '' : ` (${missingWebgpu})`;
const DTYPES: readonly Nf4Dtype[] = ['float32', 'bfloat16', 'float16'];
const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');

/** On the device, and by the reference in the host's memory. */
async function dequantized(tensor: Nf4Tensor) {
  const [rows = 0, columns = 0] = tensor.shape;
  const reference = new Float32Array(rows * columns);
  dequantizeNf4(tensor, reference);
  const before = tf.memory().numTensors;
  const placed = placeWeight(tensor);
  const weight = unpackWeight(placed, [rows, columns]);
  const device = await readValues(weight);
  weight.dispose();
  expect('words' in placed && tf.memory().numTensors - before).toBe(3);
  return { device: new Uint32Array(device.buffer), reference: new Uint32Array(reference.buffer) };
}

describe.skipIf(missingWebgpu !== undefined)(`NF4 on the device${note}`, () => {
  beforeAll(() => startBackend('webgpu', 1));

  it('dequantizes the published vector to the published float32 and bf16', async () => {
    const { vector } = JSON.parse(
      readFileSync(
        new URL('../../../test/fixtures/model/nf4-vectors.json', import.meta.url),
        'utf8',
      ),
    ) as { readonly vector: Readonly<Record<string, string>> };
    const tensor = quantizeNf4(lcgValues(32768, 12345), [128, 256]);
    const { device } = await dequantized(tensor);
    expect(sha256(new Uint8Array(device.buffer))).toBe(vector['w_fp32_sha256']);
    const { device: rounded } = await dequantized({ ...tensor, dtype: 'bfloat16' });
    const words = new Uint16Array(rounded.map((bits) => bits >>> 16));
    expect(sha256(new Uint8Array(words.buffer))).toBe(vector['w_bf16_sha256']);
  });

  // The last is more than one dimension of workgroups holds.
  it.each([
    [1, 1],
    [3, 7],
    [65, 33],
    [128, 256],
    [4096, 1031],
  ])("gives the reference's bits for a matrix of %i x %i in every dtype", async (rows, columns) => {
    const tensor = quantizeNf4(lcgValues(rows * columns, 5), [rows, columns]);
    for (const dtype of DTYPES) {
      const { device, reference } = await dequantized({ ...tensor, dtype });
      expect(Buffer.from(device.buffer).equals(Buffer.from(reference.buffer)), dtype).toBe(true);
    }
  });

  it.each(DTYPES)("gives the reference's bits at the ends of float16, in %s", async (dtype) => {
    const scales = Float32Array.of(65519, 65520, 1e6, 6.1e-5, 6e-5, 3e-7, 6e-8, 2.98e-8, 1e-9, 0);
    const packed = Uint8Array.from({ length: 32 * scales.length }, (_, i) => (37 * i) & 255);
    const { code } = quantizeNf4(Float32Array.of(1), [1]);
    const shape = [scales.length, 64];
    const { device, reference } = await dequantized({
      shape,
      packed,
      blockSize: 64,
      code,
      scales,
      dtype,
    });
    expect(device).toEqual(reference);
  });
});

describe.skipIf(missingWebgpu !== undefined)(`training on the device${note}`, () => {
  const folder = tinyModelFolder();

  const sequences = patternSequences(10, 1);
  const plan = planTraining({
    ...TINY_SETTINGS,
    lengths: sequences.map(({ ids }) => ids.length),
    passTokens: 40,
  });

  async function train(change: Partial<TrainingRequest>) {
    const checkpoints: Checkpoint[] = [];
    const request = {
      modelDirectory: folder.path,
      baseModelName: 'tiny',
      compute: { backend: 'webgpu' },
      settings: TINY_SETTINGS,
      plan,
      sequences,
      heldOut: patternSequences(4, 2),
      ...change,
    } as const;
    const result = await runTraining(request, {
      onStarted: () => undefined,
      onProgress: () => undefined,
      onEvaluation: () => undefined,
      onCheckpoint: (checkpoint) => Promise.resolve(void checkpoints.push(checkpoint)),
      checkStop: () => undefined,
    });
    return { result, checkpoints };
  }

  const digest = ({ adapter }: TrainingResult) => sha256(adapter['adapter_model.safetensors']);
  const curve = ({ state }: TrainingResult) => state.steps.map(({ loss }) => loss);

  it('follows the curve of wasm, twice with equal bytes, and after a resume', async () => {
    const { result: whole, checkpoints } = await train({});
    expect(whole.environment).toMatchObject({
      backend: 'webgpu',
      threads: 1,
      gpu: expect.stringMatching(
        /.+, webgpu 0\.6\.\d+, @tensorflow\/tfjs-backend-webgpu 4/,
      ) as string,
      softwareGpu: expect.any(Boolean) as boolean,
    });
    expect(digest((await train({})).result)).toBe(digest(whole));
    const [checkpoint] = checkpoints;
    expect(checkpoint?.state.step).toBe(3);
    const compute = { backend: 'auto', required: whole.environment } as const;
    const { result: resumed } = await train({
      compute,
      ...(checkpoint === undefined ? {} : { checkpoint }),
    });
    expect(digest(resumed)).toBe(digest(whole));
    const { result: peer } = await train({ compute: { backend: 'wasm+onnxruntime' } });
    curve(peer).forEach((loss, i) => {
      expect(Math.abs((curve(whole)[i] ?? NaN) - loss) / loss).toBeLessThan(1e-5);
    });
  }, 120_000);

  it('stops a resume on another device', async () => {
    const { environment } = (await train({})).result;
    const compute = { backend: 'auto', required: { ...environment, gpu: 'another' } } as const;
    await expect(train({ compute })).rejects.toMatchObject({
      code: 'ENVIRONMENT_MISMATCH',
      message: expect.stringContaining('gpu another here') as string,
    });
  });

  it('is never chosen unasked where the device is software', async () => {
    const trials = await tryBackends(['webgpu']);
    const started = trials.find((trial) => 'environment' in trial);
    if (started !== undefined) {
      expect(started).toMatchObject({ environment: { softwareGpu: false } });
    } else {
      expect(trials.at(-1)).toMatchObject({
        backend: 'webgpu',
        failure: expect.stringContaining('its only device is software') as string,
      });
    }
  });
});
