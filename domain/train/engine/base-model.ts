import * as tf from '@tensorflow/tfjs';
import {
  dequantizeNf4,
  LORA_MODULES,
  modulePath,
  moduleShape,
  quantizeNf4,
  rotationTable,
  ModelError,
  type LoraModule,
  type ModelConfig,
  type Nf4Tensor,
  type TensorSource,
} from '../../model/index.js';
import { filled, type Rotation } from './primitives.js';

export type Quantization = 'nf4-double' | 'none';

/** A frozen linear module: its weight packed in NF4, or float32 rows when not quantized. */
interface FrozenLinear {
  readonly shape: readonly [number, number];
  readonly packed: Nf4Tensor | undefined;
  readonly plain: tf.Tensor2D | undefined;
  readonly bias: tf.Tensor1D | undefined;
}

interface FrozenLayer {
  readonly inputNorm: tf.Tensor1D;
  readonly postNorm: tf.Tensor1D;
  readonly linears: Readonly<Record<LoraModule, FrozenLinear>>;
}

/** The frozen base model on the current backend. */
export interface BaseModel {
  readonly config: ModelConfig;
  readonly quantization: Quantization;
  readonly embeddings: tf.Tensor2D;
  readonly head: tf.Tensor2D;
  readonly finalNorm: tf.Tensor1D;
  readonly rotation: Rotation;
  readonly layers: readonly FrozenLayer[];
}

/** One layer's weights in float32, [out, in] each, alive in the current tidy scope. */
export type LayerWeights = Readonly<
  Record<LoraModule, { readonly weight: tf.Tensor2D; readonly bias: tf.Tensor1D | undefined }>
>;

async function read(
  source: TensorSource,
  name: string,
  shape: readonly number[],
): Promise<Float32Array> {
  if (!source.has(name)) {
    throw new ModelError(
      'TENSOR_MISSING',
      `The base model has no tensor "${name}" though its config.json calls for it.`,
    );
  }
  const actual = source.shape(name);
  if (actual.length !== shape.length || actual.some((n, i) => n !== shape[i])) {
    throw new ModelError(
      'TENSOR_SHAPE',
      `Tensor "${name}" has shape [${actual.join(', ')}]; config.json calls for [${shape.join(', ')}].`,
    );
  }
  return source.readFloat32(name);
}

async function loadLinear(
  source: TensorSource,
  config: ModelConfig,
  layer: number,
  module: LoraModule,
  quantization: Quantization,
): Promise<FrozenLinear> {
  const name = `model.layers.${String(layer)}.${modulePath(module)}`;
  const shape = moduleShape(config, module);
  const values = await read(source, `${name}.weight`, shape);
  const biased = 'qkvo'.includes(module.charAt(0)) ? config.attentionBias : config.mlpBias;
  const bias = biased ? tf.tensor1d(await read(source, `${name}.bias`, [shape[0]])) : undefined;
  const quantized = quantization === 'nf4-double';
  return {
    shape,
    packed: quantized ? quantizeNf4(values, shape) : undefined,
    plain: quantized ? undefined : tf.tensor2d(values, [shape[0], shape[1]]),
    bias,
  };
}

async function loadLayer(
  source: TensorSource,
  config: ModelConfig,
  layer: number,
  quantization: Quantization,
): Promise<FrozenLayer> {
  const prefix = `model.layers.${String(layer)}`;
  const norm = async (name: string) =>
    tf.tensor1d(await read(source, `${prefix}.${name}.weight`, [config.hiddenSize]));
  const linears: Partial<Record<LoraModule, FrozenLinear>> = {};
  for (const module of LORA_MODULES) {
    linears[module] = await loadLinear(source, config, layer, module, quantization);
  }
  return {
    inputNorm: await norm('input_layernorm'),
    postNorm: await norm('post_attention_layernorm'),
    linears: linears as Record<LoraModule, FrozenLinear>,
  };
}

/**
 * Reads a base model onto the current backend, one tensor at a time; linear modules are quantized
 * as they are read. Embeddings, norms and head stay float32.
 * @param maxPositions longest sequence that will be computed
 * @throws ModelError TENSOR_MISSING, TENSOR_SHAPE, DTYPE_UNSUPPORTED, QUANTIZATION_INVALID
 */
export async function loadBaseModel(
  source: TensorSource,
  config: ModelConfig,
  quantization: Quantization,
  maxPositions: number,
): Promise<BaseModel> {
  const { vocabSize, hiddenSize, headDim } = config;
  const matrix = async (name: string): Promise<tf.Tensor2D> =>
    tf.tensor2d(await read(source, name, [vocabSize, hiddenSize]), [vocabSize, hiddenSize]);
  const embeddings = await matrix('model.embed_tokens.weight');
  const head = config.tieEmbeddings ? embeddings : await matrix('lm_head.weight');
  const finalNorm = tf.tensor1d(await read(source, 'model.norm.weight', [hiddenSize]));
  const { cos, sin } = rotationTable(config.rope, headDim, maxPositions);
  const table = (values: Float32Array) => tf.tensor2d(values, [maxPositions, headDim / 2]);
  const layers: FrozenLayer[] = [];
  for (let layer = 0; layer < config.layers; layer++) {
    layers.push(await loadLayer(source, config, layer, quantization));
  }
  const rotation = { cos: table(cos), sin: table(sin) };
  return { config, quantization, embeddings, head, finalNorm, rotation, layers };
}

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
