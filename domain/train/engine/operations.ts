import * as tf from '@tensorflow/tfjs';
import type { Activation } from '../../model/index.js';
import { MAX_LOGITS } from '../memory-plan.js';
import {
  crossEntropy,
  gatherRows,
  loraBackward,
  loraForward,
  rmsNormBackward,
  rmsNormForward,
  scatterRows,
  siluBackward,
  siluForward,
  swigluForward,
} from './primitives.js';

/** RMS normalization of rows [T, D] by a frozen weight. */
export function rmsNorm(x: tf.Tensor, w: tf.Tensor, epsilon: number): tf.Tensor {
  const op = tf.customGrad((input: unknown, save: unknown) => {
    const value = input as tf.Tensor;
    (save as tf.GradSaveFunc)([value]);
    return {
      value: rmsNormForward(value, w, epsilon),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.tidy(() => rmsNormBackward(saved[0] as tf.Tensor, w, dy, epsilon)),
    };
  });
  return op(x);
}

const GELU_SLOPE = 2 * Math.sqrt(2 / Math.PI);
const GELU_CUBE = 0.044715;

/**
 * The sigmoid input of gelu's tanh form: it is g * sigmoid(2u) with u = sqrt(2/pi) (g + 0.044715
 * g^3), since (1 + tanh u) / 2 = sigmoid(2u). Source: Hendrycks & Gimpel 2016 (arXiv 1606.08415);
 * torch gelu(approximate='tanh').
 */
function geluInput(gate: tf.Tensor): tf.Tensor {
  const cube = tf.add(tf.mul(tf.square(gate), GELU_CUBE), 1);
  return tf.mul(tf.mul(gate, cube), GELU_SLOPE);
}

/** dL/dgate and dL/dup of g * sigmoid(2u(g)) * up. */
function geluBackward(
  gate: tf.Tensor,
  up: tf.Tensor,
  sigmoid: tf.Tensor,
  dy: tf.Tensor,
): [tf.Tensor, tf.Tensor] {
  const inner = tf.mul(tf.add(tf.mul(tf.square(gate), 3 * GELU_CUBE), 1), GELU_SLOPE);
  const rest = tf.mul(tf.mul(gate, tf.sub(1, sigmoid)), inner);
  const slope = tf.mul(sigmoid, tf.add(rest, 1));
  return [tf.mul(tf.mul(dy, up), slope), tf.mul(tf.mul(dy, gate), sigmoid)];
}

/** silu(gate) * up; its sigmoid is computed again in the backward pass. */
function siluUnit(gate: tf.Tensor, up: tf.Tensor): tf.Tensor {
  const op = tf.customGrad((g: unknown, u: unknown, save: unknown) => {
    (save as tf.GradSaveFunc)([g as tf.Tensor, u as tf.Tensor]);
    return {
      value: siluForward(g as tf.Tensor, u as tf.Tensor),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.tidy(() => siluBackward(saved[0] as tf.Tensor, saved[1] as tf.Tensor, dy)),
    };
  });
  return op(gate, up);
}

/** gelu(gate) * up; the sigmoid is the backend's own and is kept for the backward pass. */
function geluUnit(gate: tf.Tensor, up: tf.Tensor): tf.Tensor {
  const op = tf.customGrad((g: unknown, u: unknown, save: unknown) => {
    const sigmoid = tf.tidy(() => tf.sigmoid(geluInput(g as tf.Tensor)));
    (save as tf.GradSaveFunc)([g as tf.Tensor, u as tf.Tensor, sigmoid]);
    return {
      value: swigluForward(g as tf.Tensor, u as tf.Tensor, sigmoid),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.tidy(() => {
          const [g0, u0, s0] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
          return geluBackward(g0, u0, s0, dy);
        }),
    };
  });
  return op(gate, up);
}

/** activation(gate) * up (Shazeer 2020, arXiv 2002.05202). */
export function gatedUnit(gate: tf.Tensor, up: tf.Tensor, activation: Activation): tf.Tensor {
  return activation === 'silu' ? siluUnit(gate, up) : geluUnit(gate, up);
}

/**
 * x W^T + scale * (d A^T) B^T: a frozen weight w [out, in] and a LoRA pair a [r, in], b [out, r]
 * (Hu et al. 2021, arXiv 2106.09685); d is x after dropout, or x itself. [T, in] -> [T, out].
 */
export function loraLinear(
  x: tf.Tensor,
  d: tf.Tensor,
  w: tf.Tensor2D,
  pair: { readonly a: tf.Tensor2D; readonly b: tf.Tensor2D },
  scale: number,
): tf.Tensor {
  const same = d === x;
  const op = tf.customGrad((...args: unknown[]) => {
    const save = args.pop() as tf.GradSaveFunc;
    const own = args as tf.Tensor[];
    const [a, b] = own.slice(-2) as [tf.Tensor2D, tf.Tensor2D];
    const input = own[0] as tf.Tensor;
    const dropped = same ? input : (own[1] as tf.Tensor);
    const [value, low] = loraForward(input, dropped, { w, a, b }, scale);
    save([dropped, low, w, a, b]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.tidy(() => {
          const [d0, low0, ...matrices] = saved as [tf.Tensor, tf.Tensor, ...tf.Tensor2D[]];
          const [w0, a0, b0] = matrices as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
          return loraBackward(dy, d0, low0, { w: w0, a: a0, b: b0 }, { scale, same });
        }),
    };
  });
  return same ? op(x, pair.a, pair.b) : op(x, d, pair.a, pair.b);
}

/** c * tanh(x / c), or x where there is no cap. */
export function softcap(x: tf.Tensor2D, cap: number | undefined): tf.Tensor2D {
  return cap === undefined ? x : tf.tidy(() => tf.mul(tf.tanh(tf.div(x, cap)), cap));
}

/** Rows of x by index; its gradient scatters (UnsortedSegmentSum does not exist on wasm). */
export function selectRows(x: tf.Tensor2D, rows: Int32Array): tf.Tensor2D {
  if (rows.length === x.shape[0]) return x;
  const op = tf.customGrad((input: unknown) => ({
    value: gatherRows(input as tf.Tensor2D, rows),
    gradFunc: (dy: tf.Tensor) => tf.tidy(() => scatterRows(dy, rows, x.shape[0])),
  }));
  return op(x) as tf.Tensor2D;
}

/**
 * weight * sum over rows of -log softmax(softcap(x head^T))[label], a scalar.
 * @param onLosses receives each row's loss [N], kept: the receiver disposes it
 */
export function headLoss(
  x: tf.Tensor2D,
  head: tf.Tensor2D,
  labels: Int32Array,
  weight: number,
  cap: number | undefined,
  onLosses: (losses: tf.Tensor1D) => void,
): tf.Scalar {
  const op = tf.customGrad((input: unknown, save: unknown) => {
    const [rows, width] = (input as tf.Tensor2D).shape;
    const chunk = Math.max(1, Math.floor(MAX_LOGITS / head.shape[0]));
    const parts: tf.Tensor1D[] = [];
    const slopes: tf.Tensor2D[] = [];
    for (let begin = 0; begin < rows; begin += chunk) {
      const size = Math.min(chunk, rows - begin);
      const [nll, dx] = tf.tidy(() => {
        const part = tf.slice(input as tf.Tensor2D, [begin, 0], [size, width]);
        const logits = softcap(tf.matMul(part, head, false, true), cap);
        const [l, d] = crossEntropy(logits, labels.subarray(begin, begin + size), weight);
        // The slope of c * tanh(x / c) is 1 - tanh².
        const raw = cap === undefined ? d : tf.mul(d, tf.sub(1, tf.square(tf.div(logits, cap))));
        return [l, tf.matMul(raw, head)] as [tf.Tensor1D, tf.Tensor2D];
      });
      parts.push(nll);
      slopes.push(dx);
    }
    const losses = tf.keep(tf.concat(parts, 0));
    onLosses(losses);
    const slope = slopes.length === 1 ? (slopes[0] as tf.Tensor2D) : tf.concat(slopes, 0);
    (save as tf.GradSaveFunc)([slope]);
    return {
      value: tf.mul<tf.Scalar>(tf.sum(losses), weight),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.tidy(() => tf.mul(saved[0] as tf.Tensor, dy)),
    };
  });
  return op(x);
}
