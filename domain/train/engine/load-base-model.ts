import * as tf from '@tensorflow/tfjs';
import {
  isPacked,
  LORA_MODULES,
  modulePath,
  moduleShape,
  quantizeNf4,
  readPacked,
  rotationTable,
  ModelError,
  type LoraModule,
  type ModelConfig,
  type TensorSource,
} from '../../model/index.js';
import type { BaseModel, FrozenLayer, FrozenLinear, Quantization } from './base-model.js';
import { placeWeight } from './packed-weight.js';
import type { Rotation } from './primitives.js';

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
  const values = await source.readFloat32(name);
  if (values.every(Number.isFinite)) return values;
  throw new ModelError(
    'WEIGHTS_NOT_FINITE',
    `Tensor "${name}" holds a value that is not finite (NaN or infinity); fetch the base model again or take another revision.`,
  );
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
  const bias = config.biases.includes(module)
    ? tf.tensor1d(await read(source, `${name}.bias`, [shape[0]]))
    : undefined;
  // What is in NF4 already stays as it is: quantizing again would change it.
  if (isPacked(source, `${name}.weight`))
    return {
      shape,
      packed: placeWeight(await readPacked(source, `${name}.weight`, shape)),
      plain: undefined,
      bias,
    };
  const values = await read(source, `${name}.weight`, shape);
  const quantized = quantization === 'nf4-double';
  return {
    shape,
    packed: quantized ? placeWeight(quantizeNf4(values, shape)) : undefined,
    plain: quantized ? undefined : tf.tensor2d(values, [shape[0], shape[1]]),
    bias,
  };
}

/** An RMS norm's weight; families that store w - 1 get it whole, since (1 + w) x is what they compute. */
async function loadNorm(
  source: TensorSource,
  { architecture }: ModelConfig,
  name: string,
  width: number,
): Promise<tf.Tensor1D> {
  const values = await read(source, `${name}.weight`, [width]);
  return tf.tensor1d(architecture.normOffset === 0 ? values : values.map((w) => w + 1));
}

async function loadLayer(
  source: TensorSource,
  config: ModelConfig,
  layer: number,
  quantization: Quantization,
): Promise<FrozenLayer> {
  const { architecture, hiddenSize, headDim } = config;
  const { beforeAttention, afterAttention, beforeMlp, afterMlp } = architecture.norms;
  const norm = (name: string, width = hiddenSize) =>
    loadNorm(source, config, `model.layers.${String(layer)}.${name}`, width);
  const linears: Partial<Record<LoraModule, FrozenLinear>> = {};
  for (const module of LORA_MODULES) {
    linears[module] = await loadLinear(source, config, layer, module, quantization);
  }
  const norms = {
    beforeAttention: await norm(beforeAttention),
    afterAttention: afterAttention === undefined ? undefined : await norm(afterAttention),
    beforeMlp: await norm(beforeMlp),
    afterMlp: afterMlp === undefined ? undefined : await norm(afterMlp),
  };
  const headNorms = architecture.headNorms
    ? {
        query: await norm('self_attn.q_norm', headDim),
        key: await norm('self_attn.k_norm', headDim),
      }
    : undefined;
  return { norms, headNorms, linears: linears as Record<LoraModule, FrozenLinear> };
}

function loadRotations(config: ModelConfig, positions: number): Rotation[] {
  const { ropes, headDim } = config;
  return ropes.map((rope) => {
    const { cos, sin } = rotationTable(rope, headDim, positions);
    const table = (values: Float32Array) => tf.tensor2d(values, [positions, headDim / 2]);
    return { cos: table(cos), sin: table(sin) };
  });
}

/**
 * Reads a base model onto the current backend, one tensor at a time; linear modules are quantized
 * as they are read, or taken as they are where the checkpoint has them in NF4. Embeddings, norms
 * and head stay float32.
 * @param maxPositions longest sequence that will be computed
 * @throws ModelError TENSOR_MISSING, TENSOR_SHAPE, DTYPE_UNSUPPORTED, QUANTIZATION_INVALID, WEIGHTS_NOT_FINITE
 */
export async function loadBaseModel(
  source: TensorSource,
  config: ModelConfig,
  quantization: Quantization,
  maxPositions: number,
): Promise<BaseModel> {
  const { vocabSize, hiddenSize } = config;
  const matrix = async (name: string): Promise<tf.Tensor2D> =>
    tf.tensor2d(await read(source, name, [vocabSize, hiddenSize]), [vocabSize, hiddenSize]);
  const embeddings = await matrix('model.embed_tokens.weight');
  const head = config.tieEmbeddings ? embeddings : await matrix('lm_head.weight');
  const finalNorm = await loadNorm(source, config, 'model.norm', hiddenSize);
  const rotations = loadRotations(config, maxPositions);
  const layers: FrozenLayer[] = [];
  for (let layer = 0; layer < config.layers; layer++) {
    layers.push(await loadLayer(source, config, layer, quantization));
  }
  const positions = maxPositions;
  return { config, quantization, embeddings, head, finalNorm, rotations, positions, layers };
}
