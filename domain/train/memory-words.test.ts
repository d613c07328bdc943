import { expect, it } from 'vitest';
import { describeMemory } from './memory-words.js';

const GIB = 2 ** 30;
const parts = {
  runtime: 0.25 * GIB,
  embeddings: 0.125 * GIB,
  weights: 0,
  dequantized: 1e6,
  adapter: 0.5 * GIB,
  activations: 2 * GIB,
  logits: 0.0625 * GIB,
};

it.each([
  [true, 'activations computed again'],
  [false, 'activations kept'],
])('tells a plan in GiB, largest part first, without what is nothing (%s)', (recompute, words) => {
  expect(describeMemory({ ...parts, recompute, total: 2.9375 * GIB })).toBe(
    `2.94 GiB at its peak, ${words} (activations 2.00, adapter 0.50, runtime 0.25, embeddings 0.13, logits 0.06)`,
  );
});
