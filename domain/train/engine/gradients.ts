import * as tf from '@tensorflow/tfjs';
import type { LoraModule, LoraPair } from '../../model/index.js';
import type { Segment } from './attention.js';
import { materializeLayer, type BaseModel } from './base-model.js';
import { decoderLayer, embed, packedAttention, type Attend } from './decoder.js';
import {
  factorsOf,
  pairsFrom,
  type AdapterTensors,
  type DropInput,
  type LayerPairs,
} from './lora.js';
import { headLoss, rmsNorm, selectRows } from './operations.js';
import { inScope, readValues } from './primitives.js';

/** Sequences computed together: ids one after another, and the rows whose next token counts. */
export interface PackedBatch {
  readonly ids: Int32Array;
  readonly segments: readonly Segment[];
  /** Rows that predict a token the loss counts, ascending. */
  readonly rows: Int32Array;
  /** The token each of those rows has to predict. */
  readonly labels: Int32Array;
}

/** Gradients of a layer's pairs. */
export type LayerGradients = Readonly<Partial<Record<LoraModule, LoraPair>>>;

export interface BatchGradients {
  /** Each counted token's negative log-likelihood, in the order of `rows`. */
  readonly losses: Float32Array;
  readonly layers: readonly LayerGradients[];
}

export interface GradientRequest {
  readonly model: BaseModel;
  readonly adapter: AdapterTensors;
  readonly batch: PackedBatch;
  /** The gradient is of weight * (sum of the counted tokens' losses). */
  readonly weight: number;
  /** Dropout of a layer's LoRA inputs; called again with equal results on recomputation. */
  readonly drop: (layer: number) => DropInput;
  /**
   * Keep only each layer's input and recompute the layer for its backward pass; otherwise keep
   * everything. The gradients are equal.
   */
  readonly recompute: boolean;
}

function parametersOf(pairs: LayerPairs, { modules }: AdapterTensors): tf.Tensor[] {
  return modules.flatMap((module) => {
    const pair = pairs[module];
    return pair === undefined ? [] : factorsOf<tf.Tensor>(pair);
  });
}

/** Reads a layer's gradients and disposes their tensors. */
async function download(
  slopes: readonly tf.Tensor[],
  { modules, dora }: AdapterTensors,
): Promise<LayerGradients> {
  const data = await Promise.all(slopes.map(readValues));
  tf.dispose([...slopes]);
  return pairsFrom(data, modules, dora);
}

/** Layer `layer` as a function of its input and pairs, dequantized once for every call. */
function layerFunction(request: GradientRequest, layer: number, attend: Attend) {
  const { model, adapter, drop } = request;
  const frozen = model.layers[layer] as BaseModel['layers'][number];
  const weights = materializeLayer(frozen);
  return (x: tf.Tensor, pairs: LayerPairs) =>
    decoderLayer(
      x,
      { model, layer, weights, pairs, scale: adapter.scale, drop: drop(layer) },
      attend,
    );
}

/**
 * The gradient of weight * (sum of the counted tokens' losses) with respect to the adapter.
 * Frozen weights get no gradient.
 */
export function batchGradients(request: GradientRequest): Promise<BatchGradients> {
  const { model, batch, weight } = request;
  let losses: tf.Tensor1D | undefined;
  const loss = (x: tf.Tensor) => {
    const normed = rmsNorm(x, model.finalNorm, model.config.normEpsilon) as tf.Tensor2D;
    const rows = selectRows(normed, batch.rows);
    const { logitSoftcap } = model.config;
    return headLoss(rows, model.head, batch.labels, weight, logitSoftcap, (values) => {
      losses = values;
    });
  };
  return inScope(async () => {
    try {
      const layers = await (request.recompute ? recomputed(request, loss) : kept(request, loss));
      return { losses: await readValues(losses as tf.Tensor1D), layers };
    } finally {
      losses?.dispose();
    }
  });
}

/** One tape over the whole model. */
function kept(
  request: GradientRequest,
  loss: (x: tf.Tensor) => tf.Tensor,
): Promise<LayerGradients[]> {
  const { model, adapter, batch } = request;
  const attend = packedAttention(model, batch.segments);
  const { modules, dora } = adapter;
  const each = (dora ? 3 : 2) * modules.length;
  const f = (...parameters: tf.Tensor[]) => {
    let x: tf.Tensor = embed(model, batch.ids);
    for (let layer = 0; layer < model.layers.length; layer++) {
      const own = pairsFrom(parameters.slice(layer * each, (layer + 1) * each), modules, dora);
      x = layerFunction(request, layer, attend)(x, own as LayerPairs);
    }
    return loss(x);
  };
  const slopes = tf.grads(f)(adapter.layers.flatMap((pairs) => parametersOf(pairs, adapter)));
  return Promise.all(
    adapter.layers.map((_, layer) =>
      download(slopes.slice(layer * each, (layer + 1) * each), adapter),
    ),
  );
}

/** The inputs of every layer: the only activations kept between the forward and backward pass. */
function layerInputs(request: GradientRequest, attend: Attend): tf.Tensor[] {
  const { model, adapter, batch } = request;
  const inputs: tf.Tensor[] = [embed(model, batch.ids)];
  for (let layer = 0; layer < model.layers.length - 1; layer++) {
    const x = inputs[layer] as tf.Tensor;
    inputs.push(
      tf.tidy(() => layerFunction(request, layer, attend)(x, adapter.layers[layer] ?? {})),
    );
  }
  return inputs;
}

/**
 * Activation checkpointing by an explicit loop over layers, because tf.grads does not nest inside
 * a custom gradient: per layer, recompute and pull dy back to the layer's input and pairs. A layer
 * is dequantized once for its recomputation and backward pass together.
 */
async function recomputed(
  request: GradientRequest,
  loss: (x: tf.Tensor) => tf.Tensor,
): Promise<LayerGradients[]> {
  const { model, adapter, batch } = request;
  const { modules, dora } = adapter;
  const attend = packedAttention(model, batch.segments);
  const inputs = layerInputs(request, attend);
  const layers: LayerGradients[] = [];
  let dy: tf.Tensor | undefined;
  for (let layer = model.layers.length - 1; layer >= 0; layer--) {
    const x = inputs[layer] as tf.Tensor;
    const above: tf.Tensor | undefined = dy;
    const [slope, ...own] = tf.tidy(() => {
      const run = layerFunction(request, layer, attend);
      const last = above === undefined;
      const f = (input: tf.Tensor, ...parameters: tf.Tensor[]) => {
        const y = run(input, pairsFrom(parameters, modules, dora) as LayerPairs);
        return last ? loss(y) : y;
      };
      const parameters = parametersOf(adapter.layers[layer] ?? {}, adapter);
      // The first layer's input is the embedding: nothing below it learns.
      return layer > 0
        ? tf.grads(f)([x, ...parameters], above)
        : [tf.scalar(0), ...tf.grads((...all: tf.Tensor[]) => f(x, ...all))(parameters, above)];
    });
    dy = slope;
    layers[layer] = await download(own, adapter);
    tf.dispose([x, ...(above === undefined ? [] : [above])]);
  }
  return layers;
}
