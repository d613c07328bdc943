import * as tf from '@tensorflow/tfjs';
import {
  dequantizeNf4,
  LORA_MODULES,
  modulePath,
  type LoraModule,
  type ModelConfig,
  type Nf4Tensor,
} from '../../model/index.js';
import { filled, type Rotation } from './primitives.js';

export type Quantization = 'nf4-double' | 'none';

/** A frozen linear module: its weight packed in NF4, or float32 rows when not quantized. */
export interface FrozenLinear {
  readonly shape: readonly [number, number];
  readonly packed: Nf4Tensor | undefined;
  readonly plain: tf.Tensor2D | undefined;
  readonly bias: tf.Tensor1D | undefined;
}

/** The layer's norms by what they do; an absent one is not computed. */
interface FrozenNorms {
  readonly beforeAttention: tf.Tensor1D;
  readonly afterAttention: tf.Tensor1D | undefined;
  readonly beforeMlp: tf.Tensor1D;
  readonly afterMlp: tf.Tensor1D | undefined;
}

export interface FrozenLayer {
  readonly norms: FrozenNorms;
  /** Norms of every query and key head, [headDim]. */
  readonly headNorms: { readonly query: tf.Tensor1D; readonly key: tf.Tensor1D } | undefined;
  readonly linears: Readonly<Record<LoraModule, FrozenLinear>>;
}

/** The frozen base model on the current backend. */
export interface BaseModel {
  readonly config: ModelConfig;
  readonly quantization: Quantization;
  readonly embeddings: tf.Tensor2D;
  readonly head: tf.Tensor2D;
  readonly finalNorm: tf.Tensor1D;
  /** One for each of `config.ropes`. */
  readonly rotations: readonly Rotation[];
  /** Longest sequence that can be computed. */
  readonly positions: number;
  readonly layers: readonly FrozenLayer[];
}

/** One layer's weights in float32, [out, in] each, alive in the current tidy scope. */
export type LayerWeights = Readonly<
  Record<LoraModule, { readonly weight: tf.Tensor2D; readonly bias: tf.Tensor1D | undefined }>
>;

/** One layer's weights, dequantized into the current tidy scope; the packed form stays. */
export function materializeLayer(layer: FrozenLayer): LayerWeights {
  const entries = LORA_MODULES.map((module) => {
    const { packed, plain, shape, bias } = layer.linears[module];
    const weight =
      plain ??
      filled(shape, (out) => {
        if (packed !== undefined) dequantizeNf4(packed, out);
      });
    return [module, { weight, bias }] as const;
  });
  return Object.fromEntries(entries) as unknown as LayerWeights;
}

/** The float32 values that the engine computes with, by tensor name (to compare with other engines). */
export function exportLinearWeights(
  model: BaseModel,
): ReadonlyMap<string, { shape: readonly number[]; data: Float32Array }> {
  const out = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  model.layers.forEach((layer, index) => {
    tf.tidy(() => {
      const weights = materializeLayer(layer);
      for (const module of LORA_MODULES) {
        const name = `model.layers.${String(index)}.${modulePath(module)}.weight`;
        out.set(name, {
          shape: layer.linears[module].shape,
          data: weights[module].weight.dataSync<'float32'>().slice(),
        });
      }
    });
  });
  return out;
}
