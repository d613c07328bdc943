// Random models of known shapes for the training benchmark: weights, a fresh adapter and tokens.
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  initializeAdapter,
  LORA_MODULES,
  modulePath,
  moduleShape,
  parseModelConfig,
  writeAdapter,
  writeSafetensors,
  type ModelConfig,
} from '../domain/model/index.js';
import { BENCH_LORA } from './train-settings.js';

interface Shape {
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly intermediate: number;
  readonly vocabulary: number;
  readonly tied: boolean;
  /** Sequences of a step, and tokens of each. */
  readonly batch: readonly [sequences: number, tokens: number];
  readonly dtype: 'F32' | 'BF16';
}

export const SHAPES = {
  small: {
    layers: 8,
    hidden: 512,
    heads: 8,
    kvHeads: 4,
    intermediate: 1376,
    vocabulary: 8192,
    tied: false,
    batch: [2, 512],
    dtype: 'F32',
  },
  'smollm2-135m': {
    layers: 30,
    hidden: 576,
    heads: 9,
    kvHeads: 3,
    intermediate: 1536,
    vocabulary: 49_152,
    tied: true,
    batch: [1, 512],
    dtype: 'BF16',
  },
  'tinyllama-1.1b': {
    layers: 22,
    hidden: 2048,
    heads: 32,
    kvHeads: 4,
    intermediate: 5632,
    vocabulary: 32_000,
    tied: false,
    batch: [1, 512],
    dtype: 'BF16',
  },
} as const satisfies Readonly<Record<string, Shape>>;
export type ShapeName = keyof typeof SHAPES;

function hfConfig(shape: Shape): object {
  return {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    hidden_size: shape.hidden,
    num_hidden_layers: shape.layers,
    num_attention_heads: shape.heads,
    num_key_value_heads: shape.kvHeads,
    head_dim: shape.hidden / shape.heads,
    intermediate_size: shape.intermediate,
    vocab_size: shape.vocabulary,
    max_position_embeddings: 1024,
    rms_norm_eps: 1e-5,
    hidden_act: 'silu',
    rope_parameters: { rope_type: 'default', rope_theta: 10000 },
    tie_word_embeddings: shape.tied,
    bos_token_id: 1,
    eos_token_id: 2,
  };
}

/** Names and shapes of every tensor of a Llama model. */
function tensorShapes(config: ModelConfig): [name: string, shape: readonly number[]][] {
  const { vocabSize, hiddenSize, layers, tieEmbeddings } = config;
  const own = Array.from({ length: layers }, (_, layer): [string, readonly number[]][] => {
    const prefix = `model.layers.${String(layer)}`;
    return [
      [`${prefix}.input_layernorm.weight`, [hiddenSize]],
      [`${prefix}.post_attention_layernorm.weight`, [hiddenSize]],
      ...LORA_MODULES.map((module): [string, readonly number[]] => [
        `${prefix}.${modulePath(module)}.weight`,
        moduleShape(config, module),
      ]),
    ];
  });
  return [
    ['model.embed_tokens.weight', [vocabSize, hiddenSize]],
    ...(tieEmbeddings ? [] : [['lm_head.weight', [vocabSize, hiddenSize]] as [string, number[]]]),
    ['model.norm.weight', [hiddenSize]],
    ...own.flat(),
  ];
}

/** Uniform 32-bit words (xorshift32). */
function words(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** Weights of standard deviation 0.02; norms are 1. BF16 is the upper half of the float32. */
function weightsOf(shape: readonly number[], next: () => number, dtype: Shape['dtype']) {
  const size = shape.reduce((product, n) => product * n, 1);
  const values = new Float32Array(size);
  const spread = 0.02 * Math.sqrt(3);
  for (let i = 0; i < size; i++)
    values[i] = shape.length === 1 ? 1 : spread * (next() / 2 ** 31 - 1);
  if (dtype === 'F32') return new Uint8Array(values.buffer);
  const bits = new Uint32Array(values.buffer);
  return new Uint8Array(Uint16Array.from(bits, (bit) => bit >>> 16).buffer);
}

/** Writes model.safetensors one tensor at a time: a billion parameters need no memory. */
async function writeWeights(
  path: string,
  config: ModelConfig,
  dtype: Shape['dtype'],
): Promise<void> {
  const tensors = tensorShapes(config);
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let end = 0;
  for (const [name, shape] of tensors) {
    const sizeBytes = shape.reduce((product, n) => product * n, 1) * (dtype === 'F32' ? 4 : 2);
    header[name] = { dtype, shape, data_offsets: [end, end + sizeBytes] };
    end += sizeBytes;
  }
  const text = JSON.stringify(header);
  const padded = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  const file = await open(path, 'w');
  const next = words(2463534242);
  await file.write(Buffer.concat([length, padded]));
  for (const [, shape] of tensors) await file.write(weightsOf(shape, next, dtype));
  await file.close();
}

/** A model directory with `config.json`, weights, `adapter/` and `tokens.safetensors`. */
export async function writeBenchModel(directory: string, name: ShapeName): Promise<void> {
  const shape: Shape = SHAPES[name];
  const config = parseModelConfig(hfConfig(shape));
  await mkdir(join(directory, 'adapter'), { recursive: true });
  await writeFile(join(directory, 'config.json'), JSON.stringify(hfConfig(shape)));
  await writeWeights(join(directory, 'model.safetensors'), config, shape.dtype);
  const adapter = writeAdapter(initializeAdapter(config, BENCH_LORA, 1), 'bench');
  for (const [file, bytes] of Object.entries(adapter))
    await writeFile(join(directory, 'adapter', file), bytes as Uint8Array);
  const next = words(88172645);
  const data = Int32Array.from(
    { length: shape.batch[0] * shape.batch[1] },
    () => next() % shape.vocabulary,
  );
  const tokens = writeSafetensors([{ name: 'ids', shape: shape.batch, data }]);
  await writeFile(join(directory, 'tokens.safetensors'), tokens);
}
