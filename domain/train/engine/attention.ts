import * as tf from '@tensorflow/tfjs';
import type { HeadLayout } from './kernels/heads.js';
import {
  causalSoftmaxBackward,
  causalSoftmaxForward,
  mergeHeads,
  splitHeads,
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

interface Setting extends AttentionShape {
  readonly rotation: Rotation;
  readonly segments: readonly Segment[];
  readonly scale: number;
}

/** What the backward pass of one segment needs: rotated queries by group, keys, values, probabilities. */
type Kept = [q: tf.Tensor3D, k: tf.Tensor3D, v: tf.Tensor3D, p: tf.Tensor3D];

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
): { kept: Kept; out: tf.Tensor } {
  const { heads, kvHeads, headDim, rotation, scale } = setting;
  const queries = splitGroups(q, segment, setting, true);
  const keys = splitHeads(k, rotation, layoutOf(segment, kvHeads, headDim, true));
  const values = splitHeads(v, rotation, layoutOf(segment, kvHeads, headDim, false));
  const scores: tf.Tensor3D = tf.matMul(queries, keys, false, true);
  const p = causalSoftmaxForward(scores, { scale, queries: segment.length, offset: 0 });
  const out = tf.reshape(tf.matMul(p, values), [heads, segment.length, headDim]);
  return { kept: [queries, keys, values, p], out };
}

function pullSegment(dy: tf.Tensor, [q, k, v, p]: Kept, segment: Segment, setting: Setting) {
  const { heads, headDim, scale } = setting;
  const dOut = splitGroups(dy, segment, setting, false);
  const dp = tf.matMul(dOut, v, false, true);
  const ds = causalSoftmaxBackward(p, dp, { scale, queries: segment.length, offset: 0 });
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
  const { heads, kvHeads, segments } = setting;
  const parts = segments.map((segment, i) =>
    pullSegment(dy, saved.slice(4 * i, 4 * i + 4) as Kept, segment, setting),
  );
  return [
    mergeAll(
      parts.map(({ dq }) => dq),
      heads,
      setting,
      true,
    ),
    mergeAll(
      parts.map(({ dk }) => dk),
      kvHeads,
      setting,
      true,
    ),
    mergeAll(
      parts.map(({ dv }) => dv),
      kvHeads,
      setting,
      false,
    ),
  ];
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
  const setting: Setting = { heads, kvHeads, headDim, rotation, segments, scale: headDim ** -0.5 };
  const op = tf.customGrad((q0: unknown, k0: unknown, v0: unknown, save: unknown) => {
    const results = segments.map((segment) =>
      attendSegment(q0 as tf.Tensor, k0 as tf.Tensor, v0 as tf.Tensor, segment, setting),
    );
    (save as tf.GradSaveFunc)(results.flatMap(({ kept }) => kept));
    return {
      value: mergeAll(
        results.map(({ out }) => out),
        heads,
        setting,
        false,
      ),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.tidy(() => attentionGradient(dy, saved, setting)),
    };
  });
  return op(q, k, v);
}
