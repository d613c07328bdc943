import { exponential } from './exponential.js';
import { buffer, shapeOf, type HostKernel } from './host-kernel.js';

/**
 * Token negative log-likelihoods of logits [N, V] under labels (attribute, Int32Array of N), and
 * (softmax - onehot) * weight, the gradient of weight * sum(nll).
 */
export const crossEntropyKernel: HostKernel = {
  name: 'CustosCrossEntropy',
  outputShapes: (shapes) => [[shapeOf(shapes, 'logits')[0] ?? 0], shapeOf(shapes, 'logits')],
  run: (inputs, [nll, dLogits], { labels, weight }) => {
    const logits = buffer(inputs, 'logits');
    const losses = nll as Float32Array;
    const out = dLogits as Float32Array;
    const targets = labels as Int32Array;
    const width = logits.length / targets.length;
    for (let n = 0; n < targets.length; n++) {
      const row = n * width;
      const { largest, sum } = expInto(logits, out, row, width);
      const target = row + targets[n]!;
      losses[n] = Math.log(sum) + largest - logits[target]!;
      const factor = (weight as number) / sum;
      for (let i = row; i < row + width; i++) out[i] = out[i]! * factor;
      out[target] = out[target]! - (weight as number);
    }
  },
};

/** Writes exp(x - max) of a row and returns the maximum and the sum. */
function expInto(x: Float32Array, out: Float32Array, row: number, width: number) {
  let largest = -Infinity;
  for (let i = row; i < row + width; i++) largest = Math.max(largest, x[i]!);
  let sum = 0;
  for (let i = row; i < row + width; i++) {
    const e = exponential(x[i]! - largest);
    out[i] = e;
    sum += e;
  }
  return { largest, sum };
}

/** Negative log-likelihoods only, for evaluation and scoring. */
export const tokenLossKernel: HostKernel = {
  name: 'CustosTokenLoss',
  outputShapes: (shapes) => [[shapeOf(shapes, 'logits')[0] ?? 0]],
  run: (inputs, [nll], { labels }) => {
    const logits = buffer(inputs, 'logits');
    const losses = nll as Float32Array;
    const targets = labels as Int32Array;
    const width = logits.length / targets.length;
    for (let n = 0; n < targets.length; n++) {
      const row = n * width;
      let largest = -Infinity;
      for (let i = row; i < row + width; i++) largest = Math.max(largest, logits[i]!);
      let sum = 0;
      for (let i = row; i < row + width; i++) sum += exponential(logits[i]! - largest);
      losses[n] = Math.log(sum) + largest - logits[row + targets[n]!]!;
    }
  },
};
