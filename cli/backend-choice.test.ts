import { expect, test } from 'vitest';
import type { BackendTrial } from '../infra/compute/index.js';
import type { ComputeEnvironment } from '../schemas/index.js';
import { describeBackend } from './backend-choice.js';

const worked = (backend: ComputeEnvironment['backend'], milliseconds: number): BackendTrial => ({
  environment: {
    backend,
    threads: 2,
    node: '20.19.0',
    platform: 'linux-x64',
    instructionSet: 'avx2',
    tensorflow: '4.22.0',
    onnxruntime: null,
  },
  milliseconds,
});
const failed: BackendTrial = { backend: 'tfjs-node', failure: 'the library is damaged.' };

test('names the fastest, what the others took and how those that are missing come here', () => {
  const choice = describeBackend([worked('wasm+onnxruntime', 29), worked('tfjs-node', 49.4)]);
  expect(choice).toEqual({
    backend: 'wasm+onnxruntime',
    reason:
      'the fastest in a trial step: wasm+onnxruntime took 29 ms; tfjs-node took 49 ms; tfjs-node-gpu is not installed ("custos setup tensorflow --gpu"); webgpu is not installed ("npm install webgpu @tensorflow/tfjs-backend-webgpu")',
  });
});

test('names a native one when it is faster', () => {
  expect(
    describeBackend([worked('tfjs-node-gpu', 3), worked('wasm+onnxruntime', 29)]).backend,
  ).toBe('tfjs-node-gpu');
});

test('says why an installed one is not used', () => {
  const { backend, reason } = describeBackend([worked('wasm+onnxruntime', 29), failed]);
  expect(backend).toBe('wasm+onnxruntime');
  expect(reason).toContain('tfjs-node is not used: the library is damaged.');
});

test('says when none works', () => {
  expect(describeBackend([failed])).toMatchObject({ backend: 'none' });
});
