import * as tf from '@tensorflow/tfjs';
import { LORA_MODULES, loraScale, type Adapter, type LoraModule } from '../../model/index.js';
import type { BaseModel, LayerWeights } from './base-model.js';
import { attention, type Segment } from './attention.js';
import { loraLinear, rmsNorm, swiglu } from './operations.js';

/** A LoRA pair on the backend: a [r, in], b [out, r]. */
export interface PairTensors {
  readonly a: tf.Tensor2D;
  readonly b: tf.Tensor2D;
}

export type LayerPairs = Readonly<Partial<Record<LoraModule, PairTensors>>>;

/** An adapter's tensors by layer, and alpha / r. */
export interface AdapterTensors {
  readonly scale: number;
  readonly modules: readonly LoraModule[];
  readonly layers: readonly LayerPairs[];
}

/** Multiplies a module's LoRA input [T, in] by its dropout mask; identity outside training. */
export type DropInput = (x: tf.Tensor, module: LoraModule) => tf.Tensor;

/** Uploads an adapter; the caller disposes it with `disposeAdapter`. */
export function uploadAdapter(adapter: Adapter): AdapterTensors {
  const { r, targetModules } = adapter.settings;
  const layers = adapter.layers.map((layer) => {
    const pairs: Partial<Record<LoraModule, PairTensors>> = {};
    for (const module of targetModules) {
      const pair = layer[module];
      if (pair === undefined) continue;
      pairs[module] = {
        a: tf.tensor2d(pair.a, [r, pair.a.length / r]),
        b: tf.tensor2d(pair.b, [pair.b.length / r, r]),
      };
    }
    return pairs;
  });
  const modules = LORA_MODULES.filter((module) => targetModules.includes(module));
  return { scale: loraScale(adapter.settings), modules, layers };
}

export function disposeAdapter(adapter: AdapterTensors): void {
  tf.dispose(adapter.layers.flatMap((layer) => Object.values(layer).flatMap(({ a, b }) => [a, b])));
}

/** y = x W^T + bias + scale * (drop(x) A^T) B^T, rows [T, in] -> [T, out]. */
function linear(
  x: tf.Tensor,
  module: LoraModule,
  weights: LayerWeights,
  pair: PairTensors | undefined,
  scale: number,
  drop: DropInput,
): tf.Tensor {
  const { weight, bias } = weights[module];
  const y =
    pair === undefined
      ? tf.matMul(x, weight, false, true)
      : loraLinear(x, drop(x, module), weight, pair, scale);
  return bias === undefined ? y : tf.add(y, bias);
}

/** What a layer's computation needs beside its input. */
export interface LayerContext {
  readonly model: BaseModel;
  readonly layer: number;
  readonly weights: LayerWeights;
  readonly pairs: LayerPairs;
  readonly scale: number;
  readonly drop: DropInput;
}

export type Attend = (q: tf.Tensor, k: tf.Tensor, v: tf.Tensor) => tf.Tensor;

/** One decoder layer over packed rows [T, hidden]; `attend` joins the rows of a sequence. */
export function decoderLayer(x: tf.Tensor, context: LayerContext, attend: Attend): tf.Tensor {
  const { model, layer, weights, pairs, scale, drop } = context;
  const frozen = model.layers[layer];
  if (frozen === undefined) return x;
  const apply = (input: tf.Tensor, module: LoraModule) =>
    linear(input, module, weights, pairs[module], scale, drop);
  const epsilon = model.config.normEpsilon;
  const h = rmsNorm(x, frozen.inputNorm, epsilon);
  const mixed = attend(apply(h, 'q_proj'), apply(h, 'k_proj'), apply(h, 'v_proj'));
  const attended = tf.add(x, apply(mixed, 'o_proj'));
  const g = rmsNorm(attended, frozen.postNorm, epsilon);
  const hidden = swiglu(apply(g, 'gate_proj'), apply(g, 'up_proj'));
  return tf.add(attended, apply(hidden, 'down_proj'));
}

/** Causal attention within each segment of a packed batch. */
export function packedAttention(model: BaseModel, segments: readonly Segment[]): Attend {
  return (q, k, v) => attention(q, k, v, model.rotation, segments, model.config);
}

/** Rows of the embedding table for token ids. */
export function embed(model: BaseModel, ids: Int32Array): tf.Tensor2D {
  return tf.gather(model.embeddings, tf.tensor1d(ids, 'int32'));
}
