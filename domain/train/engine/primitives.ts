import * as tf from '@tensorflow/tfjs';
import type { HeadLayout } from './kernels/heads.js';
import type { CausalAttributes } from './kernels/softmax.js';

/** Cosine and sine tables, [positions, headDim / 2] each. */
export interface Rotation {
  readonly cos: tf.Tensor2D;
  readonly sin: tf.Tensor2D;
}

type Named = Readonly<Record<string, tf.Tensor>>;

/** TensorFlow.js returns undefined for an unknown kernel, though its type says otherwise. */
export function hasKernel(name: string, backendName: string): boolean {
  const config: tf.KernelConfig | undefined = tf.getKernel(name, backendName);
  return (config as tf.KernelConfig | undefined) !== undefined;
}

/** The fused kernel's outputs where the backend has it, otherwise undefined. */
function tryKernel(name: string, inputs: Named, attributes: object): tf.Tensor[] | undefined {
  if (!hasKernel(name, tf.getBackend())) return undefined;
  const result: tf.Tensor | tf.Tensor[] = tf
    .engine()
    .runKernel(name, inputs, attributes as tf.NamedAttrMap);
  return Array.isArray(result) ? result : [result];
}

/** One output of a kernel that the backend is known to have. */
export function runKernel(name: string, inputs: Named, attributes: object): tf.Tensor {
  return first(tryKernel(name, inputs, attributes)) as tf.Tensor;
}

function first(tensors: tf.Tensor[] | undefined): tf.Tensor | undefined {
  return tensors?.[0];
}

/** A copy of a tensor's values. The only way the engine reads: a GPU has no other. */
export async function readValues(tensor: tf.Tensor): Promise<Float32Array> {
  return (await tensor.data<'float32'>()).slice();
}

/**
 * Disposes what `run` allocated and did not keep, as tf.tidy does for synchronous work. Nothing else
 * may compute meanwhile: scopes nest in the order of calls.
 */
export async function inScope<T>(run: () => Promise<T>): Promise<T> {
  tf.engine().startScope();
  try {
    return await run();
  } finally {
    tf.engine().endScope();
  }
}

/** A float32 tensor whose elements `fill` writes. */
export function filled(shape: readonly number[], fill: (out: Float32Array) => void): tf.Tensor {
  const fused = first(tryKernel('CustosFill', {}, { shape, fill }));
  if (fused !== undefined) return fused;
  const data = new Float32Array(shape.reduce((product, n) => product * n, 1));
  fill(data);
  return tf.tensor(data, [...shape], 'float32');
}

/** Rows of x by index. TensorFlow.js's own gather on wasm goes element by element. */
export function gatherRows(x: tf.Tensor2D, rows: Int32Array): tf.Tensor2D {
  const fused = first(tryKernel('CustosGatherRows', { x }, { rows }));
  return (fused as tf.Tensor2D | undefined) ?? tf.gather(x, tf.tensor1d(rows, 'int32'));
}

/** The gradient of `gatherRows` of distinct rows for an x of `count` rows. */
export function scatterRows(x: tf.Tensor, rows: Int32Array, count: number): tf.Tensor {
  const fused = first(tryKernel('CustosScatterRows', { x }, { rows, count }));
  if (fused !== undefined) return fused;
  const indices = tf.tensor2d(rows, [rows.length, 1], 'int32');
  return tf.scatterND(indices, x, [count, x.shape[1] ?? 0]);
}

export function rmsNormForward(x: tf.Tensor, w: tf.Tensor, epsilon: number): tf.Tensor {
  const fused = first(tryKernel('CustosRmsNorm', { x, w }, { epsilon }));
  return fused ?? tf.mul(tf.mul(x, tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), epsilon))), w);
}

export function rmsNormBackward(
  x: tf.Tensor,
  w: tf.Tensor,
  dy: tf.Tensor,
  epsilon: number,
): tf.Tensor {
  const fused = first(tryKernel('CustosRmsNormGrad', { x, w, dy }, { epsilon }));
  if (fused !== undefined) return fused;
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), epsilon));
  const g = tf.mul(dy, w);
  const pull = tf.mul(tf.mean(tf.mul(x, g), -1, true), tf.square(inverse));
  return tf.mul(inverse, tf.sub(g, tf.mul(x, pull)));
}

/** gate * sigmoid(gate) * up. */
export function siluForward(gate: tf.Tensor, up: tf.Tensor): tf.Tensor {
  const fused = first(tryKernel('CustosSilu', { gate, up }, {}));
  return fused ?? tf.mul(tf.mul(gate, tf.sigmoid(gate)), up);
}

/** dL/dgate and dL/dup of `siluForward`. */
export function siluBackward(gate: tf.Tensor, up: tf.Tensor, dy: tf.Tensor): tf.Tensor[] {
  const fused = tryKernel('CustosSiluGrad', { gate, up, dy }, {});
  if (fused !== undefined) return fused;
  const sigmoid = tf.sigmoid(gate);
  const slope = tf.mul(sigmoid, tf.add(1, tf.mul(gate, tf.sub(1, sigmoid))));
  return [tf.mul(tf.mul(dy, up), slope), tf.mul(tf.mul(dy, gate), sigmoid)];
}

/** gate * sigmoid * up, given the gate's activation over the gate. */
export function swigluForward(gate: tf.Tensor, up: tf.Tensor, sigmoid: tf.Tensor): tf.Tensor {
  const fused = first(tryKernel('CustosSwiglu', { gate, up, sigmoid }, {}));
  return fused ?? tf.mul(tf.mul(gate, sigmoid), up);
}

function rotated(part: tf.Tensor, rotation: Rotation, layout: HeadLayout, sign: 1 | -1): tf.Tensor {
  const { heads, length, headDim, position } = layout;
  const half = headDim / 2;
  const cos = tf.slice(rotation.cos, [position, 0], [length, half]);
  const sin = tf.mul(tf.slice(rotation.sin, [position, 0], [length, half]), sign);
  const x1 = tf.slice(part, [0, 0, 0], [heads, length, half]);
  const x2 = tf.slice(part, [0, 0, half], [heads, length, half]);
  return tf.concat(
    [tf.sub(tf.mul(x1, cos), tf.mul(x2, sin)), tf.add(tf.mul(x2, cos), tf.mul(x1, sin))],
    2,
  );
}

/** One segment's rows of x [T, heads * headDim] as [heads, length, headDim]. */
export function splitHeads(x: tf.Tensor, rotation: Rotation, layout: HeadLayout): tf.Tensor3D {
  const fused = first(tryKernel('CustosSplitHeads', { x, ...rotation }, layout));
  if (fused !== undefined) return fused as tf.Tensor3D;
  const { begin, length, heads, headDim, rotate } = layout;
  const rows = tf.slice(x, [begin, 0], [length, heads * headDim]);
  const part = tf.transpose(tf.reshape(rows, [length, heads, headDim]), [1, 0, 2]);
  return (rotate ? rotated(part, rotation, layout, 1) : part) as tf.Tensor3D;
}

/** The inverse of splitHeads over all segments: rows [T, heads * headDim]. */
export function mergeHeads(
  parts: readonly tf.Tensor[],
  rotation: Rotation,
  layouts: readonly HeadLayout[],
): tf.Tensor {
  const named = Object.fromEntries(parts.map((part, i) => [`p${String(i)}`, part]));
  const fused = first(tryKernel('CustosMergeHeads', { ...named, ...rotation }, { layouts }));
  if (fused !== undefined) return fused;
  const rows = layouts.map((layout, i) => {
    const part = parts[i] as tf.Tensor;
    const back = layout.rotate ? rotated(part, rotation, layout, -1) : part;
    return tf.reshape(tf.transpose(back, [1, 0, 2]), [
      layout.length,
      layout.heads * layout.headDim,
    ]);
  });
  return tf.concat(rows, 0);
}

/** What the fused attention computes; softcaps it does not know. */
export interface AttentionAttributes {
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly rotate: boolean;
  readonly scale: number;
  readonly window: number | undefined;
  readonly segments: readonly { readonly begin: number; readonly length: number }[];
}

/**
 * Attention of rows q [T, heads * headDim], k and v [T, kvHeads * headDim] where the backend has it
 * as one operation: its rows, then queries, keys, values and probabilities in an order of its own.
 */
export function fusedAttention(
  inputs: Readonly<Record<'q' | 'k' | 'v', tf.Tensor>>,
  rotation: Rotation,
  attributes: AttentionAttributes,
): tf.Tensor[] | undefined {
  return tryKernel('CustosAttention', { ...inputs, ...rotation }, attributes);
}

/** Gradients of q, k and v, given what `fusedAttention` returned after its rows. */
export function fusedAttentionGrad(
  dy: tf.Tensor,
  [q, k, v, p]: readonly tf.Tensor[],
  rotation: Rotation,
  attributes: AttentionAttributes,
): tf.Tensor[] {
  const inputs = { dy, q, k, v, p, ...rotation } as Named;
  return tryKernel('CustosAttentionGrad', inputs, attributes) as tf.Tensor[];
}

function causalMask(
  rows: number,
  keys: number,
  { queries, offset, window = Infinity }: CausalAttributes,
): tf.Tensor {
  return filled([rows, keys], (out) => {
    for (let i = 0; i < out.length; i++) {
      const before = offset + (Math.floor(i / keys) % queries) - (i % keys);
      out[i] = before >= 0 && before < window ? 0 : -1e30;
    }
  });
}

/** scores [groups, rows, keys] -> probabilities over visible keys. */
export function causalSoftmaxForward(
  scores: tf.Tensor3D,
  attributes: CausalAttributes,
): tf.Tensor3D {
  const [, rows, keys] = scores.shape;
  const fused = first(tryKernel('CustosCausalSoftmax', { scores }, { ...attributes, keys }));
  if (fused !== undefined) return fused as tf.Tensor3D;
  return tf.softmax(tf.add(tf.mul(scores, attributes.scale), causalMask(rows, keys, attributes)));
}

export function causalSoftmaxBackward(
  p: tf.Tensor3D,
  dp: tf.Tensor,
  attributes: CausalAttributes,
): tf.Tensor3D {
  const fused = first(
    tryKernel('CustosCausalSoftmaxGrad', { p, dp }, { ...attributes, keys: p.shape[2] }),
  );
  if (fused !== undefined) return fused as tf.Tensor3D;
  const dot = tf.sum(tf.mul(p, dp), -1, true);
  return tf.mul(tf.mul(p, tf.sub(dp, dot)), attributes.scale);
}

/** A frozen weight [out, in] and the LoRA pair a [r, in], b [out, r] beside it. */
interface LoraWeights {
  readonly w: tf.Tensor2D;
  readonly a: tf.Tensor2D;
  readonly b: tf.Tensor2D;
}

/** [x W^T + low B^T, low] with low = scale * (d A^T); d is x after dropout. */
export function loraForward(
  x: tf.Tensor,
  d: tf.Tensor,
  { w, a, b }: LoraWeights,
  scale: number,
): [tf.Tensor, tf.Tensor] {
  const fused = tryKernel('CustosLoraLinear', { x, d, w, a, b }, { scale });
  if (fused?.[0] !== undefined && fused[1] !== undefined) return [fused[0], fused[1]];
  const low = tf.mul(tf.matMul(d, a, false, true), scale);
  return [tf.add(tf.matMul(x, w, false, true), tf.matMul(low, b, false, true)), low];
}

/**
 * Gradients of `loraForward` for x, d, a and b. Where d is x (`same`), the first is the whole
 * gradient for x and the second is not computed.
 */
export function loraBackward(
  dy: tf.Tensor,
  d: tf.Tensor,
  low: tf.Tensor,
  { w, a, b }: LoraWeights,
  { scale, same }: { readonly scale: number; readonly same: boolean },
): tf.Tensor[] {
  const fused = tryKernel('CustosLoraLinearGrad', { dy, d, low, w, a, b }, { scale, same });
  if (fused !== undefined) return fused;
  const dLow = tf.mul(tf.matMul(dy, b), scale);
  const [dx, dd] = [tf.matMul(dy, w), tf.matMul(dLow, a)];
  const pair = [tf.matMul(dLow, d, true, false), tf.matMul(dy, low, true, false)];
  return same ? [tf.add(dx, dd), ...pair] : [dx, dd, ...pair];
}

/** [nll of each row, gradient of weight * sum(nll) with respect to logits [N, V]]. */
export function crossEntropy(
  logits: tf.Tensor2D,
  labels: Int32Array,
  weight: number,
): [tf.Tensor1D, tf.Tensor2D] {
  const fused = tryKernel('CustosCrossEntropy', { logits }, { labels, weight });
  if (fused?.[0] !== undefined && fused[1] !== undefined)
    return [fused[0] as tf.Tensor1D, fused[1] as tf.Tensor2D];
  const hot = tf.oneHot(tf.tensor1d(labels, 'int32'), logits.shape[1]);
  const log = tf.logSoftmax(logits);
  const nll = tf.neg(tf.sum(tf.mul(log, hot), 1));
  return [nll as tf.Tensor1D, tf.mul(tf.sub(tf.exp(log), hot), weight)];
}

/** Negative log-likelihood of each row's label. */
export function tokenLoss(logits: tf.Tensor2D, labels: Int32Array): tf.Tensor1D {
  return (first(tryKernel('CustosTokenLoss', { logits }, { labels })) ??
    crossEntropy(logits, labels, 1)[0]) as tf.Tensor1D;
}
