import type * as tf from '@tensorflow/tfjs';
import { LORA_MODULES, modulePath, type LoraModule, type ModelConfig } from '../../model/index.js';
import { unpackWeight, type PackedWeight } from './packed-weight.js';
import { inScope, readValues, type Rotation } from './primitives.js';

export type Quantization = 'nf4-double' | 'none';

/** A frozen linear module: its weight packed in NF4, or float32 rows when not quantized. */
export interface FrozenLinear {
  readonly shape: readonly [number, number];
  readonly packed: PackedWeight | undefined;
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
    const weight = plain ?? unpackWeight(packed as PackedWeight, shape);
    return [module, { weight, bias }] as const;
  });
  return Object.fromEntries(entries) as unknown as LayerWeights;
}

/** The float32 values that the engine computes with, by tensor name (to compare with other engines). */
export async function exportLinearWeights(
  model: BaseModel,
): Promise<ReadonlyMap<string, { shape: readonly number[]; data: Float32Array }>> {
  const out = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  for (const [index, layer] of model.layers.entries()) {
    await inScope(async () => {
      const weights = materializeLayer(layer);
      for (const module of LORA_MODULES) {
        const name = `model.layers.${String(index)}.${modulePath(module)}.weight`;
        const { shape } = layer.linears[module];
        out.set(name, { shape, data: await readValues(weights[module].weight) });
      }
    });
  }
  return out;
}
