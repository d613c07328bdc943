import { exponential } from './exponential.js';
import { buffer, shapeOf, type HostKernel } from './host-kernel.js';

export interface CausalAttributes {
  readonly scale: number;
  /** Queries of a segment; rows repeat with this period, one run for each head of a group. */
  readonly queries: number;
  /** Keys before the first query: a query at s sees keys 0 … offset + s. */
  readonly offset: number;
  /** A query sees at most this many keys, itself included; undefined: all before it. */
  readonly window: number | undefined;
}

/** The first key that a query sees, which sees keys up to `visible` - 1. */
function firstVisible(visible: number, window: number | undefined): number {
  return window === undefined ? 0 : Math.max(0, visible - window);
}

/** Softmax of scale * scores over the keys a query may see; zero elsewhere. [groups, rows, keys]. */
export const causalSoftmaxKernel: HostKernel = {
  name: 'CustosCausalSoftmax',
  outputShapes: (shapes) => [shapeOf(shapes, 'scores')],
  run: (inputs, [p], attributes) => {
    const { scale, queries, offset, window, keys } = attributes as unknown as CausalAttributes & {
      keys: number;
    };
    const scores = buffer(inputs, 'scores');
    const out = p as Float32Array;
    for (let row = 0, index = 0; row < scores.length; row += keys, index++) {
      const visible = offset + (index % queries) + 1;
      const begin = firstVisible(visible, window);
      let largest = -Infinity;
      for (let i = begin; i < visible; i++) largest = Math.max(largest, scores[row + i]!);
      let sum = 0;
      for (let i = begin; i < visible; i++) {
        const e = exponential((scores[row + i]! - largest) * scale);
        out[row + i] = e;
        sum += e;
      }
      const inverse = 1 / sum;
      for (let i = begin; i < visible; i++) out[row + i] = out[row + i]! * inverse;
      out.fill(0, row, row + begin);
      out.fill(0, row + visible, row + keys);
    }
  },
};

/** dL/dscores = scale * p * (dp - sum(p * dp)). */
export const causalSoftmaxGradKernel: HostKernel = {
  name: 'CustosCausalSoftmaxGrad',
  outputShapes: (shapes) => [shapeOf(shapes, 'p')],
  run: (inputs, [ds], attributes) => {
    const { scale, queries, offset, window, keys } = attributes as unknown as CausalAttributes & {
      keys: number;
    };
    const p = buffer(inputs, 'p');
    const dp = buffer(inputs, 'dp');
    const out = ds as Float32Array;
    for (let row = 0, index = 0; row < p.length; row += keys, index++) {
      const visible = offset + (index % queries) + 1;
      const begin = firstVisible(visible, window);
      let dot = 0;
      for (let i = begin; i < visible; i++) dot += p[row + i]! * dp[row + i]!;
      for (let i = begin; i < visible; i++)
        out[row + i] = scale * p[row + i]! * (dp[row + i]! - dot);
      out.fill(0, row, row + begin);
      out.fill(0, row + visible, row + keys);
    }
  },
};
