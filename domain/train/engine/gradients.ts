import * as tf from '@tensorflow/tfjs';
import type { LoraModule } from '../../model/index.js';
import { materializeLayer, type BaseModel } from './base-model.js';
import {
  decoderLayer,
  embed,
  packedAttention,
  type AdapterTensors,
  type Attend,
  type DropInput,
  type LayerPairs,
} from './decoder.js';
import { headLoss, rmsNorm, selectRows, type Segment } from './operations.js';

/** Sequences computed together: ids one after another, and the rows whose next token counts. */
export interface PackedBatch {
  readonly ids: Int32Array;
  readonly segments: readonly Segment[];
  /** Rows that predict a token the loss counts, ascending. */
  readonly rows: Int32Array;
  /** The token each of those rows has to predict. */
  readonly labels: Int32Array;
}

/** Gradients of a layer's pairs, in the adapter's own order. */
export type LayerGradients = Readonly<
  Partial<Record<LoraModule, { readonly a: Float32Array; readonly b: Float32Array }>>
>;

export interface BatchGradients {
  /** Each counted token's negative log-likelihood, in the order of `rows`. */
  readonly losses: Float32Array;
  readonly layers: readonly LayerGradients[];
}

type LayerFunction = (x: tf.Tensor, pairs: LayerPairs) => tf.Tensor;

function pairsFrom(tensors: readonly tf.Tensor[], modules: readonly LoraModule[]): LayerPairs {
  return Object.fromEntries(
    modules.map((module, i) => [
      module,
      { a: tensors[2 * i] as tf.Tensor2D, b: tensors[2 * i + 1] as tf.Tensor2D },
    ]),
  );
}

/** Recomputes one layer (or the layer and the loss) and pulls dy back to its input and its pairs. */
function pullBack(
  run: LayerFunction,
  x: tf.Tensor,
  pairs: LayerPairs,
  modules: readonly LoraModule[],
  dy: tf.Tensor | undefined,
  needInput: boolean,
): { readonly dx: tf.Tensor | undefined; readonly gradients: LayerGradients } {
  const parameters = modules.flatMap((module) => {
    const pair = pairs[module];
    return pair === undefined ? [] : [pair.a, pair.b];
  });
  const inputs = needInput ? [x, ...parameters] : parameters;
  const f = (...args: tf.Tensor[]) => {
    const [input, rest] = needInput ? [args[0] as tf.Tensor, args.slice(1)] : [x, args];
    return run(input, pairsFrom(rest, modules));
  };
  const slopes = tf.grads(f)(inputs, dy);
  const own = needInput ? slopes.slice(1) : slopes;
  const data = (i: number) => (own[i] as tf.Tensor).dataSync<'float32'>().slice();
  const gradients = Object.fromEntries(
    modules.map((module, i) => [module, { a: data(2 * i), b: data(2 * i + 1) }]),
  );
  return { dx: needInput ? slopes[0] : undefined, gradients };
}

/** The inputs of every layer: the only activations kept between the forward and backward pass. */
function layerInputs(
  model: BaseModel,
  adapter: AdapterTensors,
  batch: PackedBatch,
  attend: Attend,
  drop: (layer: number) => DropInput,
): tf.Tensor[] {
  const inputs: tf.Tensor[] = [embed(model, batch.ids)];
  for (let layer = 0; layer < model.layers.length - 1; layer++) {
    inputs.push(
      tf.tidy(() => {
        const frozen = model.layers[layer];
        const weights = materializeLayer(frozen as NonNullable<typeof frozen>);
        const context = {
          model,
          layer,
          weights,
          pairs: adapter.layers[layer] ?? {},
          scale: adapter.scale,
          drop: drop(layer),
        };
        return decoderLayer(inputs[layer] as tf.Tensor, context, attend);
      }),
    );
  }
  return inputs;
}

/**
 * The gradient of weight * (sum of the counted tokens' losses) with respect to the adapter.
 * Layers are recomputed one by one (activation checkpointing with an explicit loop, because
 * tf.grads does not nest inside a custom gradient); each layer is dequantized once for its
 * recomputation and backward pass together. Frozen weights get no gradient.
 * @param drop dropout of a layer's LoRA inputs; called again with equal results on recomputation
 */
export function batchGradients(
  model: BaseModel,
  adapter: AdapterTensors,
  batch: PackedBatch,
  weight: number,
  drop: (layer: number) => DropInput,
): BatchGradients {
  const attend = packedAttention(model, batch.segments);
  let losses = new Float32Array(0);
  const loss = (x: tf.Tensor) => {
    const normed = rmsNorm(x, model.finalNorm, model.config.normEpsilon) as tf.Tensor2D;
    return headLoss(selectRows(normed, batch.rows), model.head, batch.labels, weight, (values) => {
      losses = values.slice();
    });
  };
  const layers: LayerGradients[] = [];
  tf.engine().startScope();
  try {
    const inputs = layerInputs(model, adapter, batch, attend, drop);
    let dy: tf.Tensor | undefined;
    for (let layer = model.layers.length - 1; layer >= 0; layer--) {
      const x = inputs[layer] as tf.Tensor;
      const previous: tf.Tensor | undefined = dy;
      const last = layer === model.layers.length - 1;
      dy = tf.tidy(() => {
        const frozen = model.layers[layer];
        const weights = materializeLayer(frozen as NonNullable<typeof frozen>);
        const run: LayerFunction = (input, pairs) => {
          const y = decoderLayer(
            input,
            { model, layer, weights, pairs, scale: adapter.scale, drop: drop(layer) },
            attend,
          );
          return last ? loss(y) : y;
        };
        const { dx, gradients } = pullBack(
          run,
          x,
          adapter.layers[layer] ?? {},
          adapter.modules,
          previous,
          layer > 0,
        );
        layers[layer] = gradients;
        return dx ?? tf.scalar(0);
      });
      tf.dispose([x, ...(previous === undefined ? [] : [previous])]);
    }
  } finally {
    tf.engine().endScope();
  }
  return { losses, layers };
}
