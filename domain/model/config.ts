import { ARCHITECTURES, type Architecture } from './architectures.js';
import { ModelError } from './errors.js';
import type { RopeSettings } from './rope.js';

/** A decoder's dimensions, independent of the form its config.json was written in. */
export interface ModelConfig {
  readonly architecture: Architecture;
  readonly vocabSize: number;
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly intermediateSize: number;
  readonly normEpsilon: number;
  readonly maxPositions: number;
  readonly rope: RopeSettings;
  readonly tieEmbeddings: boolean;
  readonly attentionBias: boolean;
  readonly mlpBias: boolean;
  readonly bosTokenId: number | undefined;
  readonly eosTokenIds: readonly number[];
}

type Json = Readonly<Record<string, unknown>>;

function invalid(key: string, expected: string): never {
  throw new ModelError('CONFIG_INVALID', `config.json: "${key}" must be ${expected}.`);
}

function count(json: Json, key: string, fallback?: number): number {
  const value = json[key] ?? fallback;
  if (Number.isSafeInteger(value) && Number(value) > 0) return Number(value);
  return invalid(key, 'a positive integer');
}

function positive(json: Json, key: string, fallback?: number): number {
  const value = json[key] ?? fallback;
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
  return invalid(key, 'a positive number');
}

function flag(json: Json, key: string, fallback: boolean): boolean {
  const value = json[key] ?? fallback;
  return typeof value === 'boolean' ? value : invalid(key, 'true or false');
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Priority: rope_parameters (transformers 5), then top-level keys (4), then the family's default. */
function parseRope(json: Json, architecture: Architecture): RopeSettings {
  const v5 = isObject(json['rope_parameters']) ? json['rope_parameters'] : {};
  const v4 = isObject(json['rope_scaling']) ? json['rope_scaling'] : {};
  const scaling = { ...v4, ...v5 };
  const theta = positive(
    { rope_theta: json['rope_theta'], ...v5 },
    'rope_theta',
    architecture.defaultTheta,
  );
  const type = v5['rope_type'] ?? v4['rope_type'] ?? v4['type'] ?? 'default';
  if (type === 'default') return { type, theta };
  if (type === 'linear') return { type, theta, factor: positive(scaling, 'factor') };
  if (type === 'llama3') {
    return {
      type,
      theta,
      factor: positive(scaling, 'factor'),
      lowFrequencyFactor: positive(scaling, 'low_freq_factor'),
      highFrequencyFactor: positive(scaling, 'high_freq_factor'),
      originalMaxPositions: count(scaling, 'original_max_position_embeddings'),
    };
  }
  throw new ModelError(
    'ARCHITECTURE_UNSUPPORTED',
    `config.json: rope type ${JSON.stringify(type)} is not supported; default, linear and llama3 are.`,
  );
}

function findArchitecture(json: Json): Architecture {
  const type = json['model_type'];
  const found = ARCHITECTURES.find(({ modelType }) => modelType === type);
  if (found !== undefined) return found;
  const known = ARCHITECTURES.map(({ modelType }) => modelType).join(', ');
  throw new ModelError(
    'ARCHITECTURE_UNSUPPORTED',
    `config.json: model_type ${JSON.stringify(type)} is not supported; use a base model of one of these: ${known}.`,
  );
}

function tokenIds(value: unknown): readonly number[] {
  const list = Array.isArray(value) ? (value as unknown[]) : value == null ? [] : [value];
  return list.every((id): id is number => Number.isSafeInteger(id))
    ? list
    : invalid('eos_token_id', 'token ids');
}

/** Refuses what would compute something else than the model: remote code, other activations, fused quantization. */
function refuseUnsupported(json: Json, architecture: Architecture): void {
  if (json['auto_map'] !== undefined) {
    throw new ModelError(
      'ARCHITECTURE_UNSUPPORTED',
      'config.json: "auto_map" asks for remote code; refused.',
    );
  }
  const activation = json['hidden_act'] ?? 'silu';
  if (activation !== architecture.activation) {
    throw new ModelError(
      'ARCHITECTURE_UNSUPPORTED',
      `config.json: hidden_act ${JSON.stringify(activation)} is not supported; ${architecture.activation} is.`,
    );
  }
  if (json['quantization_config'] != null) {
    throw new ModelError(
      'ARCHITECTURE_UNSUPPORTED',
      'config.json: the checkpoint is quantized already; give the original weights.',
    );
  }
}

/**
 * Parses a Hugging Face config.json, as transformers 4 or 5 writes it.
 * @throws ModelError CONFIG_INVALID, ARCHITECTURE_UNSUPPORTED (naming what is not supported)
 */
export function parseModelConfig(value: unknown): ModelConfig {
  if (!isObject(value)) throw new ModelError('CONFIG_INVALID', 'config.json must be an object.');
  const architecture = findArchitecture(value);
  refuseUnsupported(value, architecture);
  const hiddenSize = count(value, 'hidden_size');
  const heads = count(value, 'num_attention_heads');
  const kvHeads = count(value, 'num_key_value_heads', heads);
  const headDim = count(value, 'head_dim', hiddenSize / heads);
  if (heads % kvHeads !== 0) invalid('num_key_value_heads', 'a divisor of num_attention_heads');
  if (headDim % 2 !== 0) invalid('head_dim', 'even');
  const biases = architecture.biases({
    attentionBias: flag(value, 'attention_bias', false),
    mlpBias: flag(value, 'mlp_bias', false),
  });
  return {
    architecture,
    vocabSize: count(value, 'vocab_size'),
    hiddenSize,
    layers: count(value, 'num_hidden_layers'),
    heads,
    kvHeads,
    headDim,
    intermediateSize: count(value, 'intermediate_size'),
    normEpsilon: positive(value, 'rms_norm_eps', architecture.defaultNormEpsilon),
    maxPositions: count(value, 'max_position_embeddings', 2048),
    rope: parseRope(value, architecture),
    tieEmbeddings: flag(value, 'tie_word_embeddings', false),
    attentionBias: biases.attention,
    mlpBias: biases.mlp,
    bosTokenId: tokenIds(value['bos_token_id'])[0],
    eosTokenIds: tokenIds(value['eos_token_id']),
  };
}
