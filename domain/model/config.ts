import { ARCHITECTURES, type Activation, type Architecture } from './architectures.js';
import { parseLayers, type LayerSettings } from './config-layers.js';
import { parseRopes } from './config-rope.js';
import {
  count,
  flag,
  invalid,
  isObject,
  optional,
  positive,
  unsupported,
  type Json,
} from './config-values.js';
import { ModelError } from './errors.js';
import { LORA_MODULES, type LoraModule } from './modules.js';
import type { RopeSettings } from './rope.js';

/** A decoder's dimensions and choices, independent of the form its config.json was written in. */
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
  readonly activation: Activation;
  readonly ropes: readonly RopeSettings[];
  /** One entry a layer. */
  readonly layerSettings: readonly LayerSettings[];
  readonly tieEmbeddings: boolean;
  /** Linear modules that carry a bias. */
  readonly biases: readonly LoraModule[];
  /** Multiplies the embeddings of tokens. */
  readonly embeddingScale: number;
  /** Multiplies the products of queries and keys. */
  readonly attentionScale: number;
  /** c of c * tanh(score / c); undefined: none. */
  readonly attentionSoftcap: number | undefined;
  readonly logitSoftcap: number | undefined;
  readonly bosTokenId: number | undefined;
  readonly eosTokenIds: readonly number[];
}

function findArchitecture(json: Json): Architecture {
  const type = json['model_type'];
  const found = ARCHITECTURES.find(({ modelType }) => modelType === type);
  if (found !== undefined) return found;
  const known = ARCHITECTURES.map(({ modelType }) => modelType).join(', ');
  return unsupported(
    `model_type ${JSON.stringify(type)} is not supported; use a base model of one of these: ${known}.`,
  );
}

function tokenIds(value: unknown, key: string): readonly number[] {
  const list = Array.isArray(value) ? (value as unknown[]) : value == null ? [] : [value];
  return list.every((id): id is number => Number.isSafeInteger(id))
    ? list
    : invalid(key, 'token ids');
}

/** Refuses what would compute something else than the model: remote code, attention that looks ahead. */
function refuseUnsupported(json: Json, { softcaps, className }: Architecture): void {
  if (json['auto_map'] !== undefined) unsupported('"auto_map" asks for remote code; refused.');
  if ((json['use_bidirectional_attention'] ?? false) !== false)
    unsupported('"use_bidirectional_attention" is not supported.');
  for (const key of ['attn_logit_softcapping', 'final_logit_softcapping']) {
    if (json[key] != null && !(key in softcaps))
      unsupported(`"${key}" is not computed by ${className} in transformers 5; remove the key.`);
  }
  refuseQuantization(json['quantization_config']);
}

/** What is quantized already is taken as it is only where its bits are known: bitsandbytes NF4. */
function refuseQuantization(value: unknown): void {
  if (value === undefined || value === null) return;
  const { quant_method: method, load_in_4bit: four, ...rest } = isObject(value) ? value : {};
  const isNf4 = rest['bnb_4bit_quant_type'] === 'nf4';
  if (method === 'bitsandbytes' && four === true && isNf4) return;
  const found = [method, four === true ? rest['bnb_4bit_quant_type'] : undefined]
    .filter((part) => typeof part === 'string')
    .join(' ');
  unsupported(
    `"quantization_config" asks for ${found === '' ? 'an unknown quantization' : found}; ` +
      'give the original 16-bit or 32-bit weights, which are quantized to NF4 as they are read, or a checkpoint in bitsandbytes NF4.',
  );
}

function activationOf(json: Json, { activationKeys, activations }: Architecture): Activation {
  const key = activationKeys.find((name) => json[name] != null);
  const known = Object.keys(activations);
  const value = key === undefined ? known[0] : json[key];
  const found =
    typeof value === 'string' && Object.hasOwn(activations, value) ? activations[value] : undefined;
  return (
    found ??
    unsupported(
      `${key ?? 'hidden_act'} ${JSON.stringify(value)} is not supported; ${known.join(', ')} is.`,
    )
  );
}

function biasesOf(json: Json, { biases }: Architecture): readonly LoraModule[] {
  const asked = [
    ...biases.always,
    ...(biases.attention.length > 0 && flag(json, 'attention_bias', false) ? biases.attention : []),
    ...(biases.mlp.length > 0 && flag(json, 'mlp_bias', false) ? biases.mlp : []),
  ];
  return LORA_MODULES.filter((module) => asked.includes(module));
}

function attentionOf(json: Json, { defaults }: Architecture) {
  const hiddenSize = count(json, 'hidden_size');
  const heads = count(json, 'num_attention_heads');
  const missing = json['num_key_value_heads'] === undefined;
  const kvHeads = count(json, 'num_key_value_heads', (missing ? defaults.kvHeads : null) ?? heads);
  const headDim = count(json, 'head_dim', defaults.headDim ?? hiddenSize / heads);
  if (heads % kvHeads !== 0) invalid('num_key_value_heads', 'a divisor of num_attention_heads');
  if (headDim % 2 !== 0) invalid('head_dim', 'even');
  return { hiddenSize, heads, kvHeads, headDim };
}

/**
 * Parses a Hugging Face config.json, as transformers 4 or 5 writes it.
 * @throws ModelError CONFIG_INVALID, ARCHITECTURE_UNSUPPORTED (naming what is not supported)
 */
export function parseModelConfig(value: unknown): ModelConfig {
  if (!isObject(value)) throw new ModelError('CONFIG_INVALID', 'config.json must be an object.');
  const architecture = findArchitecture(value);
  refuseUnsupported(value, architecture);
  const { defaults, softcaps, scaledEmbeddings, queryScalar } = architecture;
  const dimensions = attentionOf(value, architecture);
  const layers = count(value, 'num_hidden_layers');
  const softcap = (key: keyof Architecture['softcaps']) => optional(value, key, softcaps[key]);
  const scalar = queryScalar ? positive(value, 'query_pre_attn_scalar', 256) : dimensions.headDim;
  return {
    architecture,
    ...dimensions,
    vocabSize: count(value, 'vocab_size'),
    layers,
    intermediateSize: count(value, 'intermediate_size'),
    normEpsilon: positive(value, 'rms_norm_eps', 1e-6),
    maxPositions: count(value, 'max_position_embeddings', defaults.maxPositions),
    activation: activationOf(value, architecture),
    ropes: parseRopes({ max_position_embeddings: defaults.maxPositions, ...value }, architecture),
    layerSettings: parseLayers(value, layers, architecture),
    tieEmbeddings: flag(value, 'tie_word_embeddings', defaults.tieEmbeddings),
    biases: biasesOf(value, architecture),
    embeddingScale: scaledEmbeddings ? Math.sqrt(dimensions.hiddenSize) : 1,
    attentionScale: scalar ** -0.5,
    attentionSoftcap: softcap('attn_logit_softcapping'),
    logitSoftcap: softcap('final_logit_softcapping'),
    bosTokenId: tokenIds(value['bos_token_id'], 'bos_token_id')[0],
    eosTokenIds: tokenIds(value['eos_token_id'], 'eos_token_id'),
  };
}
