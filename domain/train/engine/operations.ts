import * as tf from '@tensorflow/tfjs';
import type { HeadLayout } from './kernels/heads.js';
import {
  causalSoftmaxBackward,
  causalSoftmaxForward,
  crossEntropy,
  mergeHeads,
  rmsNormBackward,
  rmsNormForward,
  splitHeads,
  swigluBackward,
  swigluForward,
  type Rotation,
} from './primitives.js';

/** Sequences packed one after another in the rows of a batch: no padding is ever computed. */
export interface Segment {
  readonly begin: number;
  readonly length: number;
}

export interface AttentionShape {
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
}

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

function layoutOf(segment: Segment, heads: number, headDim: number, rotate: boolean): HeadLayout {
  return { ...segment, heads, headDim, rotate, position: 0 };
}

/** Heads of one key-value group share their keys, so their queries are rows of one matrix. */
function grouped(part: tf.Tensor3D, kvHeads: number): tf.Tensor3D {
  const [heads, length, headDim] = part.shape;
  return tf.reshape(part, [kvHeads, (heads / kvHeads) * length, headDim]);
}

/**
 * Causal grouped-query attention over packed segments, with rotary embedding.
 * q [T, heads * headDim], k and v [T, kvHeads * headDim] -> [T, heads * headDim].
 */
export function attention(
  q: tf.Tensor,
  k: tf.Tensor,
  v: tf.Tensor,
  rotation: Rotation,
  segments: readonly Segment[],
  { heads, kvHeads, headDim }: AttentionShape,
): tf.Tensor {
  const scale = headDim ** -0.5;
  const layouts = (n: number, rotate: boolean) =>
    segments.map((s) => layoutOf(s, n, headDim, rotate));
  const op = tf.customGrad((q0: unknown, k0: unknown, v0: unknown, save: unknown) => {
    const kept: tf.Tensor3D[] = [];
    const outputs = segments.map((segment) => {
      const qh: tf.Tensor3D = grouped(
        splitHeads(q0 as tf.Tensor, rotation, layoutOf(segment, heads, headDim, true)),
        kvHeads,
      );
      const kh = splitHeads(k0 as tf.Tensor, rotation, layoutOf(segment, kvHeads, headDim, true));
      const vh = splitHeads(v0 as tf.Tensor, rotation, layoutOf(segment, kvHeads, headDim, false));
      const scores: tf.Tensor3D = tf.matMul(qh, kh, false, true);
      const p = causalSoftmaxForward(scores, { scale, queries: segment.length, offset: 0 });
      kept.push(qh, kh, vh, p);
      return tf.reshape(tf.matMul(p, vh), [heads, segment.length, headDim]);
    });
    (save as tf.GradSaveFunc)(kept);
    const backward = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const parts = segments.map((segment, i) => {
        const [qh, kh, vh, p] = saved.slice(4 * i, 4 * i + 4) as tf.Tensor3D[] as [
          tf.Tensor3D,
          tf.Tensor3D,
          tf.Tensor3D,
          tf.Tensor3D,
        ];
        const dOut = grouped(
          splitHeads(dy, rotation, layoutOf(segment, heads, headDim, false)),
          kvHeads,
        );
        const dp = tf.matMul(dOut, vh, false, true);
        const ds = causalSoftmaxBackward(p, dp, { scale, queries: segment.length, offset: 0 });
        const dq = tf.reshape(tf.matMul(ds, kh), [heads, segment.length, headDim]);
        return { dq, dk: tf.matMul(ds, qh, true, false), dv: tf.matMul(p, dOut, true, false) };
      });
      return [
        mergeHeads(
          parts.map(({ dq }) => dq),
          rotation,
          layouts(heads, true),
        ),
        mergeHeads(
          parts.map(({ dk }) => dk),
          rotation,
          layouts(kvHeads, true),
        ),
        mergeHeads(
          parts.map(({ dv }) => dv),
          rotation,
          layouts(kvHeads, false),
        ),
      ];
    };
    return {
      value: mergeHeads(outputs, rotation, layouts(heads, false)),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.tidy(() => backward(dy, saved)),
    };
  });
  return op(q, k, v);
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
    const [rows = 0, width = 0] = (input as tf.Tensor2D).shape;
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
  return op(x) as tf.Scalar;
}
