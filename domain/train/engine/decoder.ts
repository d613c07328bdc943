import * as tf from '@tensorflow/tfjs';
import type { LoraModule } from '../../model/index.js';
import type { BaseModel, LayerWeights } from './base-model.js';
import { attention, type Segment } from './attention.js';
import { adaptedLinear, type DropInput, type LayerPairs } from './lora.js';
import { rmsNorm, swiglu } from './operations.js';

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
    adaptedLinear(input, weights[module], pairs[module], scale, (rows) => drop(rows, module));
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
