import * as tf from '@tensorflow/tfjs';
import {
  crossEntropy,
  loraBackward,
  loraForward,
  rmsNormBackward,
  rmsNormForward,
  swigluBackward,
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

/** silu(gate) * up. The sigmoid is the backend's own and is kept for the backward pass. */
export function swiglu(gate: tf.Tensor, up: tf.Tensor): tf.Tensor {
  const op = tf.customGrad((g: unknown, u: unknown, save: unknown) => {
    const sigmoid = tf.sigmoid(g as tf.Tensor);
    (save as tf.GradSaveFunc)([g as tf.Tensor, u as tf.Tensor, sigmoid]);
    return {
      value: swigluForward(g as tf.Tensor, u as tf.Tensor, sigmoid),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.tidy(() => {
          const [g0, u0, s0] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
          return swigluBackward(g0, u0, s0, dy);
        }),
    };
  });
  return op(gate, up);
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

/** Rows of x by index; its gradient scatters (UnsortedSegmentSum does not exist on wasm). */
export function selectRows(x: tf.Tensor2D, rows: Int32Array): tf.Tensor2D {
  if (rows.length === x.shape[0]) return x;
  const op = tf.customGrad((input: unknown) => ({
    value: tf.gather(input as tf.Tensor2D, tf.tensor1d(rows, 'int32')),
    gradFunc: (dy: tf.Tensor) =>
      tf.tidy(() => tf.scatterND(tf.tensor2d(rows, [rows.length, 1], 'int32'), dy, x.shape)),
  }));
  return op(x) as tf.Tensor2D;
}

/** Logits are made in row chunks of at most this many elements. */
const MAX_LOGITS = 1 << 24;

/**
 * weight * sum over rows of -log softmax(x head^T)[label], a scalar.
 * @param onLosses receives each row's loss
 */
export function headLoss(
  x: tf.Tensor2D,
  head: tf.Tensor2D,
  labels: Int32Array,
  weight: number,
  onLosses: (losses: Float32Array) => void,
): tf.Scalar {
  const op = tf.customGrad((input: unknown, save: unknown) => {
    const [rows, width] = (input as tf.Tensor2D).shape;
    const chunk = Math.max(1, Math.floor(MAX_LOGITS / head.shape[0]));
    const losses: number[] = [];
    const slopes: tf.Tensor2D[] = [];
    for (let begin = 0; begin < rows; begin += chunk) {
      const size = Math.min(chunk, rows - begin);
      const [nll, dx] = tf.tidy(() => {
        const part = tf.slice(input as tf.Tensor2D, [begin, 0], [size, width]);
        const [l, d] = crossEntropy(
          tf.matMul(part, head, false, true),
          labels.subarray(begin, begin + size),
          weight,
        );
        return [l, tf.matMul(d, head)] as [tf.Tensor1D, tf.Tensor2D];
      });
      losses.push(...nll.dataSync());
      slopes.push(dx);
    }
    onLosses(Float32Array.from(losses));
    const slope = slopes.length === 1 ? (slopes[0] as tf.Tensor2D) : tf.concat(slopes, 0);
    (save as tf.GradSaveFunc)([slope]);
    return {
      value: tf.scalar(weight * losses.reduce((sum, loss) => sum + loss, 0)),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.tidy(() => tf.mul(saved[0] as tf.Tensor, dy)),
    };
  });
  return op(x);
}
