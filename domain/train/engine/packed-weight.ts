import * as tf from '@tensorflow/tfjs';
import { dequantizeNf4, unnestScales, type Nf4Dtype, type Nf4Tensor } from '../../model/index.js';
import { filled, hasKernel, runKernel } from './primitives.js';

/** The fused operation that dequantizes a weight that lies in the backend's memory. */
export const DEQUANTIZE_KERNEL = 'CustosDequantizeNf4';

/** An NF4 weight in the backend's memory, as `DEQUANTIZE_KERNEL` takes it. */
interface PlacedWeight {
  /** Eight codes a word, [ceil(elements / 8)] int32: the packed bytes, little-endian. */
  readonly words: tf.Tensor1D;
  /** A float32 scale per block. */
  readonly scales: tf.Tensor1D;
  /** The 16 values of the codes. */
  readonly code: tf.Tensor1D;
  readonly blockSize: number;
  readonly dtype: Nf4Dtype;
}

/** A frozen weight in NF4: in JavaScript's memory, or in the backend's where that dequantizes. */
export type PackedWeight = Nf4Tensor | PlacedWeight;

/**
 * Moves an NF4 weight to where the current backend dequantizes it. Nested scales are unnested here,
 * once: a device may fuse their multiplication and addition and so round otherwise, while the one
 * product that it is left with is correctly rounded. That costs 0.047 bytes a weight.
 */
export function placeWeight(weight: Nf4Tensor): PackedWeight {
  if (!hasKernel(DEQUANTIZE_KERNEL, tf.getBackend())) return weight;
  const { packed, blockSize, code, dtype } = weight;
  const bytes = new Uint8Array(4 * Math.ceil(packed.length / 4));
  bytes.set(packed);
  return {
    words: tf.tensor1d(new Int32Array(bytes.buffer), 'int32'),
    scales: tf.tensor1d(unnestScales(weight.scales)),
    code: tf.tensor1d(code),
    blockSize,
    dtype,
  };
}

/** The weight's elements in float32, in the current tidy scope; the packed form stays. */
export function unpackWeight(weight: PackedWeight, shape: readonly [number, number]): tf.Tensor2D {
  if ('packed' in weight) {
    return filled(shape, (out) => {
      dequantizeNf4(weight, out);
    }) as tf.Tensor2D;
  }
  const { words, scales, code, blockSize, dtype } = weight;
  const inputs = { words, scales, code };
  return runKernel(DEQUANTIZE_KERNEL, inputs, { shape, blockSize, dtype }) as tf.Tensor2D;
}
