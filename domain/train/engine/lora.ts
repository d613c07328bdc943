import * as tf from '@tensorflow/tfjs';
import { LORA_MODULES, loraScale, type Adapter, type LoraModule } from '../../model/index.js';
import { loraLinear } from './operations.js';

/** A LoRA pair on the backend: a [r, in], b [out, r], and DoRA's magnitude [out]. */
export interface PairTensors {
  readonly a: tf.Tensor2D;
  readonly b: tf.Tensor2D;
  readonly magnitude?: tf.Tensor1D;
}

export type LayerPairs = Readonly<Partial<Record<LoraModule, PairTensors>>>;

/** An adapter's tensors by layer, and what its update is multiplied by. */
export interface AdapterTensors {
  readonly scale: number;
  readonly modules: readonly LoraModule[];
  readonly dora: boolean;
  readonly layers: readonly LayerPairs[];
}

/** Multiplies a module's LoRA input [T, in] by its dropout mask; identity outside training. */
export type DropInput = (x: tf.Tensor, module: LoraModule) => tf.Tensor;

export const keepAll: DropInput = (x) => x;

/** What is trained of a pair, in the order of the adapter file's tensors. */
export function factorsOf<T>({
  a,
  b,
  magnitude,
}: {
  readonly a: T;
  readonly b: T;
  readonly magnitude?: T;
}): T[] {
  return magnitude === undefined ? [a, b] : [a, b, magnitude];
}

/** The inverse of `factorsOf` over a layer's modules. */
export function pairsFrom<T>(
  factors: readonly T[],
  modules: readonly LoraModule[],
  dora: boolean,
): Partial<Record<LoraModule, { readonly a: T; readonly b: T; readonly magnitude?: T }>> {
  const each = dora ? 3 : 2;
  const at = (i: number) => factors[i] as T;
  const pairs = modules.map((module, i) => {
    const pair = { a: at(each * i), b: at(each * i + 1) };
    return [module, dora ? { ...pair, magnitude: at(each * i + 2) } : pair] as const;
  });
  return Object.fromEntries(pairs);
}

/** Uploads an adapter; the caller disposes it with `disposeAdapter`. */
export function uploadAdapter(adapter: Adapter): AdapterTensors {
  const { r, targetModules, dora = false } = adapter.settings;
  const layers = adapter.layers.map((layer) => {
    const pairs: Partial<Record<LoraModule, PairTensors>> = {};
    for (const module of targetModules) {
      const pair = layer[module];
      if (pair === undefined) continue;
      const { a, b, magnitude } = pair;
      pairs[module] = {
        a: tf.tensor2d(a, [r, a.length / r]),
        b: tf.tensor2d(b, [b.length / r, r]),
        ...(magnitude === undefined ? {} : { magnitude: tf.tensor1d(magnitude) }),
      };
    }
    return pairs;
  });
  const modules = LORA_MODULES.filter((module) => targetModules.includes(module));
  return { scale: loraScale(adapter.settings), modules, dora, layers };
}

export function disposeAdapter(adapter: AdapterTensors): void {
  const pairs = adapter.layers.flatMap((layer) => Object.values(layer));
  tf.dispose(pairs.flatMap((pair) => factorsOf<tf.Tensor>(pair)));
}

/** The length of every row of W + scale B A, [out]. */
function rowNorms(weight: tf.Tensor2D, { a, b }: PairTensors, scale: number): tf.Tensor1D {
  return tf.tidy(
    () => tf.norm(tf.add(weight, tf.mul(tf.matMul(b, a), scale)), 2, 1) as tf.Tensor1D,
  );
}

/**
 * magnitude / |W + scale B A| by row, [out]. The length is a constant to the gradient, as the paper
 * proposes (Liu et al. 2024, arXiv 2402.09353, section 4.3) and peft 0.21 computes it.
 */
function rowScale(
  magnitude: tf.Tensor1D,
  weight: tf.Tensor2D,
  pair: PairTensors,
  scale: number,
): tf.Tensor1D {
  const op = tf.customGrad((m: unknown, save: unknown) => {
    const norms = rowNorms(weight, pair, scale);
    (save as tf.GradSaveFunc)([norms]);
    return {
      value: tf.div(m as tf.Tensor, norms),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.tidy(() => tf.div(dy, saved[0] as tf.Tensor)),
    };
  });
  return op(magnitude) as tf.Tensor1D;
}

/** The weights of one linear module, in float32. */
export interface LinearWeights {
  readonly weight: tf.Tensor2D;
  readonly bias: tf.Tensor1D | undefined;
}

/**
 * Rows [T, in] -> [T, out] through a frozen module and its pair:
 * y = x W^T + bias + scale (d A^T) B^T, where d is x after dropout. With DoRA
 * y = s (d W^T + scale (d A^T) B^T) + (x - d) W^T + bias, where s is `rowScale`; that is what peft
 * 0.21 lora/dora.py adds up in another order.
 */
export function adaptedLinear(
  x: tf.Tensor,
  { weight, bias }: LinearWeights,
  pair: PairTensors | undefined,
  scale: number,
  drop: (x: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const biased = (y: tf.Tensor) => (bias === undefined ? y : tf.add(y, bias));
  if (pair === undefined) return biased(tf.matMul(x, weight, false, true));
  const d = drop(x);
  if (pair.magnitude === undefined) return biased(loraLinear(x, d, weight, pair, scale));
  const s = rowScale(pair.magnitude, weight, pair, scale);
  const y = tf.mul(s, loraLinear(d, d, weight, pair, scale));
  return biased(d === x ? y : tf.add(y, tf.matMul(tf.sub(x, d), weight, false, true)));
}
