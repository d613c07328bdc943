import * as tf from '@tensorflow/tfjs';
import type { BaseModel } from './base-model.js';
import type { HeadLayout } from './kernels/heads.js';
import type { CausalAttributes } from './kernels/softmax.js';
import {
  causalSoftmaxBackward,
  causalSoftmaxForward,
  fusedAttention,
  fusedAttentionGrad,
  mergeHeads,
  splitHeads,
  type Rotation,
} from './primitives.js';

/** Sequences packed one after another in the rows of a batch: no padding is ever computed. */
export interface Segment {
  readonly begin: number;
  readonly length: number;
}

/** What the attention of one layer computes. */
export interface LayerAttention {
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly rotation: Rotation;
  /** False in layers without rotary embedding. */
  readonly rotate: boolean;
  readonly scale: number;
  readonly softcap: number | undefined;
  /** A query sees this many keys, itself included. */
  readonly window: number | undefined;
}

/** The attention of layer `layer`. */
export function layerAttention({ config, rotations }: BaseModel, layer: number): LayerAttention {
  const { heads, kvHeads, headDim, attentionScale: scale, attentionSoftcap: softcap } = config;
  const { window, rope } = config.layerSettings[layer] ?? { window: undefined, rope: 0 };
  const rotation = rotations[rope ?? 0] as Rotation;
  const rotate = rope !== undefined;
  return { heads, kvHeads, headDim, rotation, rotate, scale, softcap, window };
}

type Pull = (dy: tf.Tensor, saved: readonly tf.Tensor[]) => tf.Tensor[];

interface Setting extends LayerAttention {
  readonly segments: readonly Segment[];
}

/**
 * What the backward pass of one segment needs: rotated queries by group, keys, values,
 * probabilities, and the tanh of the scores where they are capped.
 */
type Kept = readonly [q: tf.Tensor3D, k: tf.Tensor3D, v: tf.Tensor3D, p: tf.Tensor3D];

/** Probabilities of scores [groups, rows, keys], and what their gradient needs beside them. */
interface Weighed {
  readonly p: tf.Tensor3D;
  readonly capped: tf.Tensor3D | undefined;
}

/** Softmax over the visible keys, of scale * scores or of c * tanh(scale * scores / c). */
export function weigh(
  scores: tf.Tensor3D,
  { scale, softcap, window }: LayerAttention,
  visible: Pick<CausalAttributes, 'queries' | 'offset'>,
): Weighed {
  if (softcap === undefined) {
    const p = causalSoftmaxForward(scores, { ...visible, scale, window });
    return { p, capped: undefined };
  }
  const capped: tf.Tensor3D = tf.tanh(tf.mul(scores, scale / softcap));
  return { p: causalSoftmaxForward(capped, { ...visible, scale: softcap, window }), capped };
}

/** dL/dscores of `weigh`. */
function pullWeights(
  { p, capped }: Weighed,
  dp: tf.Tensor,
  { scale, softcap, window }: LayerAttention,
  queries: number,
): tf.Tensor3D {
  const attributes = { queries, offset: 0, window };
  if (softcap === undefined || capped === undefined)
    return causalSoftmaxBackward(p, dp, { ...attributes, scale });
  const d = causalSoftmaxBackward(p, dp, { ...attributes, scale: softcap });
  return tf.mul(tf.mul(d, tf.sub(1, tf.square(capped))), scale / softcap);
}

function layoutOf(segment: Segment, heads: number, headDim: number, rotate: boolean): HeadLayout {
  return { ...segment, heads, headDim, rotate, position: 0 };
}

/** Heads of one key-value group share their keys, so their queries are rows of one matrix. */
function splitGroups(
  x: tf.Tensor,
  segment: Segment,
  setting: Setting,
  rotate: boolean,
): tf.Tensor3D {
  const { heads, kvHeads, headDim, rotation } = setting;
  const parts = splitHeads(x, rotation, layoutOf(segment, heads, headDim, rotate));
  return tf.reshape(parts, [kvHeads, (heads / kvHeads) * segment.length, headDim]);
}

function mergeAll(
  parts: readonly tf.Tensor[],
  heads: number,
  setting: Setting,
  rotate: boolean,
): tf.Tensor {
  const { segments, headDim, rotation } = setting;
  const layouts = segments.map((segment) => layoutOf(segment, heads, headDim, rotate));
  return mergeHeads(parts, rotation, layouts);
}

function attendSegment(
  q: tf.Tensor,
  k: tf.Tensor,
  v: tf.Tensor,
  segment: Segment,
  setting: Setting,
): { kept: readonly tf.Tensor[]; out: tf.Tensor } {
  const { heads, kvHeads, headDim, rotation, rotate } = setting;
  const queries = splitGroups(q, segment, setting, rotate);
  const keys = splitHeads(k, rotation, layoutOf(segment, kvHeads, headDim, rotate));
  const values = splitHeads(v, rotation, layoutOf(segment, kvHeads, headDim, false));
  const scores: tf.Tensor3D = tf.matMul(queries, keys, false, true);
  const { p, capped } = weigh(scores, setting, { queries: segment.length, offset: 0 });
  const out = tf.reshape(tf.matMul(p, values), [heads, segment.length, headDim]);
  const kept = [queries, keys, values, p];
  return { kept: capped === undefined ? kept : [...kept, capped], out };
}

function pullSegment(
  dy: tf.Tensor,
  kept: readonly tf.Tensor[],
  segment: Segment,
  setting: Setting,
) {
  const [q, k, v, p] = kept as unknown as Kept;
  const { heads, headDim } = setting;
  const dOut = splitGroups(dy, segment, setting, false);
  const dp = tf.matMul(dOut, v, false, true);
  const capped = kept[4] as tf.Tensor3D | undefined;
  const ds = pullWeights({ p, capped }, dp, setting, segment.length);
  return {
    dq: tf.reshape(tf.matMul(ds, k), [heads, segment.length, headDim]),
    dk: tf.matMul(ds, q, true, false),
    dv: tf.matMul(p, dOut, true, false),
  };
}

function attentionGradient(
  dy: tf.Tensor,
  saved: readonly tf.Tensor[],
  setting: Setting,
): tf.Tensor[] {
  const { heads, kvHeads, segments, rotate, softcap } = setting;
  const each = softcap === undefined ? 4 : 5;
  const parts = segments.map((segment, i) =>
    pullSegment(dy, saved.slice(each * i, each * (i + 1)), segment, setting),
  );
  return [
    mergeAll(
      parts.map(({ dq }) => dq),
      heads,
      setting,
      rotate,
    ),
    mergeAll(
      parts.map(({ dk }) => dk),
      kvHeads,
      setting,
      rotate,
    ),
    mergeAll(
      parts.map(({ dv }) => dv),
      kvHeads,
      setting,
      false,
    ),
  ];
}

interface Attended {
  readonly value: tf.Tensor;
  /** What the backward pass needs. */
  readonly kept: readonly tf.Tensor[];
  readonly pull: Pull;
}
type Inputs = Readonly<Record<'q' | 'k' | 'v', tf.Tensor>>;

/** By one operation, where the backend has it and scores have no cap. */
function attendFused(inputs: Inputs, setting: Setting): Attended | undefined {
  const { heads, kvHeads, headDim, rotation, rotate, scale, window, segments } = setting;
  if (setting.softcap !== undefined) return undefined;
  const attributes = { heads, kvHeads, headDim, rotate, scale, window, segments };
  const [value, ...kept] = fusedAttention(inputs, rotation, attributes) ?? [];
  if (value === undefined) return undefined;
  return {
    value,
    kept,
    pull: (dy, saved) => fusedAttentionGrad(dy, saved, rotation, attributes),
  };
}

/** Segment by segment, by operations of their own. */
function attendParts({ q, k, v }: Inputs, setting: Setting): Attended {
  const results = setting.segments.map((segment) => attendSegment(q, k, v, segment, setting));
  const outs = results.map(({ out }) => out);
  return {
    value: mergeAll(outs, setting.heads, setting, false),
    kept: results.flatMap(({ kept }) => kept),
    pull: (dy, saved) => attentionGradient(dy, saved, setting),
  };
}

/**
 * Causal grouped-query attention over packed segments, with rotary embedding, window and softcap
 * as the layer has them.
 * q [T, heads * headDim], k and v [T, kvHeads * headDim] -> [T, heads * headDim].
 */
export function attention(
  q: tf.Tensor,
  k: tf.Tensor,
  v: tf.Tensor,
  segments: readonly Segment[],
  layer: LayerAttention,
): tf.Tensor {
  const setting: Setting = { ...layer, segments };
  const op = tf.customGrad((q0: unknown, k0: unknown, v0: unknown, save: unknown) => {
    const inputs = { q: q0 as tf.Tensor, k: k0 as tf.Tensor, v: v0 as tf.Tensor };
    const { value, kept, pull } = attendFused(inputs, setting) ?? attendParts(inputs, setting);
    (save as tf.GradSaveFunc)([...kept]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.tidy(() => pull(dy, saved)),
    };
  });
  return op(q, k, v);
}
