import { expect, test } from 'vitest';
import { describeBackend } from './backend-choice.js';

const check = (name: string, ok: boolean) => ({
  name: `@tensorflow/${name}`,
  ok,
  detail: ok ? 'importable' : 'cannot be imported',
});

test.each([
  [
    'the GPU when it is there',
    [check('tfjs-node-gpu', true), check('tfjs-node', true)],
    'tfjs-node-gpu',
  ],
  [
    'native TensorFlow else',
    [check('tfjs-node-gpu', false), check('tfjs-node', true)],
    'tfjs-node',
  ],
  [
    'npm packages else',
    [check('tfjs-node-gpu', false), check('tfjs-node', false)],
    'wasm+onnxruntime',
  ],
  ['npm packages when nothing was checked', [], 'wasm+onnxruntime'],
])('chooses %s', (_, checks, backend) => {
  expect(describeBackend(checks).backend).toBe(backend);
});

test('says why no faster one is in use', () => {
  const { reason } = describeBackend([check('tfjs-node-gpu', false)]);
  expect(reason).toContain(
    'tfjs-node-gpu is not used: @tensorflow/tfjs-node-gpu cannot be imported',
  );
  expect(reason).toContain('tfjs-node is not used: @tensorflow/tfjs-node was not looked for');
});
