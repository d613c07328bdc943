import * as tf from '@tensorflow/tfjs';
import type { LoraModule } from '../../model/index.js';
import type { BaseModel, LayerWeights } from './base-model.js';
import { attention, layerAttention, type Segment } from './attention.js';
import { adaptedLinear, type DropInput, type LayerPairs } from './lora.js';
import { gatedUnit, rmsNorm, softcap } from './operations.js';
import { gatherRows } from './primitives.js';

/** What a layer's computation needs beside its input. */
export interface LayerContext {
  readonly model: BaseModel;
  readonly layer: number;
  readonly weights: LayerWeights;
  readonly pairs: LayerPairs;
  readonly scale: number;
  readonly drop: DropInput;
}

/** Joins the rows of a sequence: q [T, heads * headDim], k and v [T, kvHeads * headDim]. */
export type Attend = (q: tf.Tensor, k: tf.Tensor, v: tf.Tensor, layer: number) => tf.Tensor;

/** RMS norm of every head of rows [T, heads * headDim], before rotation. */
function normHeads(x: tf.Tensor, weight: tf.Tensor1D | undefined, epsilon: number): tf.Tensor {
  if (weight === undefined) return x;
  return tf.reshape(rmsNorm(tf.reshape(x, [-1, weight.size]), weight, epsilon), x.shape);
}

/** One decoder layer over packed rows [T, hidden]; `attend` joins the rows of a sequence. */
export function decoderLayer(x: tf.Tensor, context: LayerContext, attend: Attend): tf.Tensor {
  const { model, layer, weights, pairs, scale, drop } = context;
  const frozen = model.layers[layer];
  if (frozen === undefined) return x;
  const { activation, normEpsilon } = model.config;
  const { norms, headNorms } = frozen;
  const apply = (input: tf.Tensor, module: LoraModule) =>
    adaptedLinear(input, weights[module], pairs[module], scale, (rows) => drop(rows, module));
  const norm = (input: tf.Tensor, weight: tf.Tensor1D | undefined) =>
    weight === undefined ? input : rmsNorm(input, weight, normEpsilon);
  const h = norm(x, norms.beforeAttention);
  const q = normHeads(apply(h, 'q_proj'), headNorms?.query, normEpsilon);
  const k = normHeads(apply(h, 'k_proj'), headNorms?.key, normEpsilon);
  const mixed = attend(q, k, apply(h, 'v_proj'), layer);
  const attended = tf.add(x, norm(apply(mixed, 'o_proj'), norms.afterAttention));
  const g = norm(attended, norms.beforeMlp);
  const hidden = gatedUnit(apply(g, 'gate_proj'), apply(g, 'up_proj'), activation);
  return tf.add(attended, norm(apply(hidden, 'down_proj'), norms.afterMlp));
}

/** Causal attention within each segment of a packed batch. */
export function packedAttention(model: BaseModel, segments: readonly Segment[]): Attend {
  return (q, k, v, layer) => attention(q, k, v, segments, layerAttention(model, layer));
}

/** Rows of the embedding table for token ids, as they enter the first layer. */
export function embed(model: BaseModel, ids: Int32Array): tf.Tensor2D {
  const { embeddingScale } = model.config;
  const rows = gatherRows(model.embeddings, ids);
  return embeddingScale === 1 ? rows : tf.mul(rows, embeddingScale);
}

/** Logits [N, vocabulary] of final hidden states [N, hidden]; no gradients. */
export function headLogits(model: BaseModel, hidden: tf.Tensor2D): tf.Tensor2D {
  return softcap(tf.matMul(hidden, model.head, false, true), model.config.logitSoftcap);
}
