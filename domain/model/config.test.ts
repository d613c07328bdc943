import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FAMILIES } from '../../test/fixtures/model/families.js';
import { TINY_CONFIG } from '../../test/fixtures/model/tiny-model.js';
import { parseModelConfig } from './config.js';
import { countBaseParameters } from './lora.js';
import { inverseFrequencies, rotationTable, yarnScale, type RopeSettings } from './rope.js';

const { rope: vectors } = JSON.parse(
  readFileSync(
    new URL('../../test/fixtures/model/rope-schedule-vectors.json', import.meta.url),
    'utf8',
  ),
) as { rope: Record<string, number[]> };

const llama3 = (factor: number): RopeSettings => ({
  type: 'llama3',
  theta: 5e5,
  factor,
  lowFrequencyFactor: 1,
  highFrequencyFactor: 4,
  originalMaxPositions: 8192,
});

const yarn: RopeSettings = {
  type: 'yarn',
  theta: 1e6,
  factor: 4,
  originalMaxPositions: 32768,
  betaFast: 32,
  betaSlow: 1,
  truncate: true,
  attentionFactor: 1,
};

describe('inverseFrequencies', () => {
  it.each([
    ['default_theta1e4_d64', { type: 'default', theta: 1e4 }, 64],
    ['linear_factor2', { type: 'linear', theta: 1e4, factor: 2 }, 64],
    ['llama3_1_theta5e5_d128_f8', llama3(8), 128],
    ['llama3_2_theta5e5_d64_f32', llama3(32), 64],
    ['yarn_qwen_theta1e6_d128_f4', yarn, 128],
  ] as const)('equals the reference %s', (name, rope, headDim) => {
    const expected = vectors[name] ?? [];
    const actual = inverseFrequencies(rope, headDim);
    expect(actual).toHaveLength(expected.length);
    actual.forEach((value, i) => {
      expect(Math.abs(value / (expected[i] ?? NaN) - 1)).toBeLessThan(3e-7);
    });
  });

  it('scales cosines and sines of yarn as the reference does', () => {
    const expected = vectors['yarn_attention_factor'] as unknown as number;
    expect(yarnScale(4)).toBeCloseTo(expected, 12);
    const { cos } = rotationTable({ ...yarn, attentionFactor: expected }, 8, 1);
    expect(cos[0]).toBe(Math.fround(expected));
  });

  it('makes unit rotations, the first of them none', () => {
    const { cos, sin } = rotationTable({ type: 'default', theta: 1e4 }, 8, 5);
    expect([...cos.subarray(0, 4)]).toEqual([1, 1, 1, 1]);
    cos.forEach((c, i) => {
      expect(c * c + (sin[i] ?? 0) ** 2).toBeCloseTo(1, 6);
    });
  });
});

/** What transformers 4 wrote for a configuration of transformers 5. */
function asVersion4(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { rope_parameters: rope, dtype, layer_types: types, ...rest } = config;
  const own = rope as Record<string, Record<string, unknown>>;
  const common = { ...rest, torch_dtype: dtype ?? 'bfloat16' };
  const scaling = ({ rope_theta: _, ...kept }: Record<string, unknown>) =>
    kept['rope_type'] === 'default' ? null : kept;
  const { full_attention: full, sliding_attention: local } = own;
  if (full === undefined || local === undefined) {
    return { ...common, rope_theta: own['rope_theta'], rope_scaling: scaling(own) };
  }
  const pattern = (types as string[]).indexOf('full_attention') + 1;
  return {
    ...common,
    sliding_window_pattern: pattern,
    rope_theta: full['rope_theta'],
    rope_local_base_freq: local['rope_theta'],
    rope_scaling: scaling(full),
  };
}

describe.each(FAMILIES)('the configuration of %s', (_, { config }) => {
  it('reads alike as transformers 5 and 4 write it', () => {
    expect(parseModelConfig(asVersion4(config))).toEqual(parseModelConfig(config));
  });

  it('needs no list of layers where the class computes it', () => {
    const { layer_types: types, no_rope_layers: _rotated, ...rest } = config;
    const pattern = ((types as string[] | undefined) ?? []).indexOf('full_attention') + 1;
    const without = pattern > 0 ? { ...rest, sliding_window_pattern: pattern } : rest;
    expect(parseModelConfig(without)).toEqual(parseModelConfig(config));
  });
});

const base = {
  hidden_size: 2048,
  num_hidden_layers: 16,
  num_attention_heads: 32,
  intermediate_size: 8192,
};

/** Dimensions of published models; their counts are those of the checkpoints. */
const PUBLISHED: readonly (readonly [string, Record<string, unknown>, number])[] = [
  [
    'Llama-2-7b',
    {
      model_type: 'llama',
      hidden_size: 4096,
      num_hidden_layers: 32,
      num_attention_heads: 32,
      intermediate_size: 11008,
      vocab_size: 32000,
    },
    6_738_415_616,
  ],
  [
    'Llama-3.2-1B',
    {
      ...base,
      model_type: 'llama',
      num_key_value_heads: 8,
      vocab_size: 128256,
      tie_word_embeddings: true,
    },
    1_235_814_400,
  ],
  [
    'SmolLM2-135M',
    {
      model_type: 'llama',
      hidden_size: 576,
      num_hidden_layers: 30,
      num_attention_heads: 9,
      num_key_value_heads: 3,
      intermediate_size: 1536,
      vocab_size: 49152,
      tie_word_embeddings: true,
    },
    134_515_008,
  ],
  [
    'Mistral-7B-v0.3',
    {
      model_type: 'mistral',
      hidden_size: 4096,
      num_hidden_layers: 32,
      num_attention_heads: 32,
      num_key_value_heads: 8,
      intermediate_size: 14336,
      vocab_size: 32768,
      sliding_window: null,
    },
    7_248_023_552,
  ],
  [
    'Qwen2.5-0.5B',
    {
      model_type: 'qwen2',
      hidden_size: 896,
      num_hidden_layers: 24,
      num_attention_heads: 14,
      num_key_value_heads: 2,
      intermediate_size: 4864,
      vocab_size: 151936,
      tie_word_embeddings: true,
      sliding_window: 32768,
      use_sliding_window: false,
    },
    494_032_768,
  ],
  [
    'Qwen3-0.6B',
    {
      model_type: 'qwen3',
      hidden_size: 1024,
      num_hidden_layers: 28,
      num_attention_heads: 16,
      num_key_value_heads: 8,
      head_dim: 128,
      intermediate_size: 3072,
      vocab_size: 151936,
      tie_word_embeddings: true,
    },
    596_049_920,
  ],
  [
    'SmolLM3-3B',
    {
      model_type: 'smollm3',
      hidden_size: 2048,
      num_hidden_layers: 36,
      num_attention_heads: 16,
      num_key_value_heads: 4,
      intermediate_size: 11008,
      vocab_size: 128256,
    },
    3_075_098_624,
  ],
  [
    'gemma-2b',
    {
      model_type: 'gemma',
      hidden_size: 2048,
      num_hidden_layers: 18,
      num_attention_heads: 8,
      num_key_value_heads: 1,
      head_dim: 256,
      intermediate_size: 16384,
      vocab_size: 256000,
      hidden_act: 'gelu',
    },
    2_506_172_416,
  ],
  [
    'gemma-2-2b',
    {
      model_type: 'gemma2',
      hidden_size: 2304,
      num_hidden_layers: 26,
      num_attention_heads: 8,
      num_key_value_heads: 4,
      head_dim: 256,
      intermediate_size: 9216,
      vocab_size: 256000,
    },
    2_614_341_888,
  ],
  [
    'gemma-3-1b',
    {
      model_type: 'gemma3_text',
      hidden_size: 1152,
      num_hidden_layers: 26,
      num_attention_heads: 4,
      num_key_value_heads: 1,
      head_dim: 256,
      intermediate_size: 6912,
      vocab_size: 262144,
      sliding_window: 512,
      sliding_window_pattern: 6,
    },
    999_885_952,
  ],
];

it.each(PUBLISHED)('%s has the parameters of its checkpoint', (_, config, parameters) => {
  expect(countBaseParameters(parseModelConfig(config))).toBe(parameters);
});

const family = (name: string) => FAMILIES.find(([own]) => own === name)?.[1].config;

describe('parseModelConfig', () => {
  it('takes a class default only where the key is absent, not where it is null', () => {
    const { sliding_window: _, ...mistral } = family('mistral') ?? {};
    const windows = (config: object) => parseModelConfig(config).layerSettings.map((l) => l.window);
    expect(windows(mistral)).toEqual([4096, 4096, 4096, 4096]);
    expect(windows({ ...mistral, sliding_window: null })).toEqual(Array(4).fill(undefined));
  });

  it.each([
    ['mistral', { layer_types: Array(4).fill('full_attention') }, /not read by Mistral/],
    ['qwen2', { layer_types: Array(4).fill('sliding_attention') }, /"sliding_window" must be set/],
    ['qwen2', { layer_types: ['full_attention'] }, /list of 4/],
    ['qwen2', { layer_types: Array(4).fill('chunked_attention') }, /"chunked_attention"/],
    ['qwen2', { rope_parameters: { full_attention: {} } }, /by layer type/],
    ['smollm3', { no_rope_layers: [1, 1] }, /no_rope_layers/],
    ['gemma', { use_bidirectional_attention: true }, /bidirectional/],
    ['gemma3', { attn_logit_softcapping: 50 }, /is not computed by Gemma3/],
    ['gemma2', { hidden_activation: 'gelu' }, /"gelu" is not supported/],
    ['llama-3', { rope_scaling: { type: 'llama3', factor: 3 } }, /what "rope_parameters" says/],
    ['llama-2', { rope_parameters: { rope_type: 'longrope' } }, /"longrope"/],
    ['llama-2', { partial_rotary_factor: 0.5 }, /partial_rotary_factor/],
    ['llama-2', { final_logit_softcapping: 30 }, /is not computed by Llama/],
    ['llama-2', { num_hidden_layers: 2 ** 40 }, /num_hidden_layers/],
    ['llama-2', { quantization_config: { quant_method: 'gptq', bits: 4 } }, /gptq; give/],
    [
      'llama-2',
      {
        quantization_config: {
          quant_method: 'bitsandbytes',
          load_in_4bit: true,
          bnb_4bit_quant_type: 'fp4',
        },
      },
      /bitsandbytes fp4; give/,
    ],
    [
      'llama-2',
      { quantization_config: { quant_method: 'bitsandbytes', load_in_8bit: true } },
      /bitsandbytes; give/,
    ],
  ])('refuses in %s %j', (name, change, text) => {
    expect(() => parseModelConfig({ ...family(name), ...change })).toThrow(text);
  });

  it('reads the forms of transformers 4 and 5 alike', () => {
    const { rope_parameters: _, ...rest } = TINY_CONFIG;
    const v4 = parseModelConfig({ ...rest, rope_theta: 10000, torch_dtype: 'float32' });
    expect(v4).toEqual(parseModelConfig(TINY_CONFIG));
    expect(v4).toMatchObject({ headDim: 12, kvHeads: 2, tieEmbeddings: true, eosTokenIds: [2] });
  });

  it('prefers rope_parameters and reads rope scaling of either form', () => {
    const scaling = {
      factor: 8,
      low_freq_factor: 1,
      high_freq_factor: 4,
      original_max_position_embeddings: 8192,
    };
    const v4 = {
      ...TINY_CONFIG,
      rope_parameters: undefined,
      rope_theta: 5e5,
      rope_scaling: { rope_type: 'llama3', ...scaling },
    };
    const v5 = {
      ...TINY_CONFIG,
      rope_theta: 1,
      rope_parameters: { rope_type: 'llama3', rope_theta: 5e5, ...scaling },
    };
    expect(parseModelConfig(v4).ropes).toEqual([llama3(8)]);
    expect(parseModelConfig(v5).ropes).toEqual([llama3(8)]);
  });

  it('defaults kv heads, head size and several end tokens', () => {
    const config = parseModelConfig({
      ...TINY_CONFIG,
      head_dim: undefined,
      num_key_value_heads: undefined,
      eos_token_id: [2, 7],
    });
    expect(config).toMatchObject({ headDim: 12, kvHeads: 4, eosTokenIds: [2, 7] });
  });

  it.each([
    [{ model_type: 'gpt2' }, 'ARCHITECTURE_UNSUPPORTED', '"gpt2"'],
    [{ model_type: 'constructor' }, 'ARCHITECTURE_UNSUPPORTED', '"constructor"'],
    [{ auto_map: {} }, 'ARCHITECTURE_UNSUPPORTED', 'auto_map'],
    [{ hidden_act: 'gelu' }, 'ARCHITECTURE_UNSUPPORTED', '"gelu"'],
    [{ quantization_config: {} }, 'ARCHITECTURE_UNSUPPORTED', 'quantization_config'],
    [{ rope_parameters: { rope_type: 'dynamic' } }, 'ARCHITECTURE_UNSUPPORTED', '"dynamic"'],
    [{ hidden_size: -4 }, 'CONFIG_INVALID', 'hidden_size'],
    [{ hidden_size: '48' }, 'CONFIG_INVALID', 'hidden_size'],
    [{ num_key_value_heads: 3 }, 'CONFIG_INVALID', 'num_key_value_heads'],
    [{ head_dim: 7 }, 'CONFIG_INVALID', 'head_dim'],
    [{ vocab_size: undefined }, 'CONFIG_INVALID', 'vocab_size'],
    [{ tie_word_embeddings: 'yes' }, 'CONFIG_INVALID', 'tie_word_embeddings'],
    [{ eos_token_id: 'x' }, 'CONFIG_INVALID', 'eos_token_id'],
  ])('refuses %j', (change, code, text) => {
    const parse = () => parseModelConfig({ ...TINY_CONFIG, ...change });
    expect(parse).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(text) as string }),
    );
  });

  it.each([[null], ['text'], [undefined]])('refuses %j', (value) => {
    expect(() => parseModelConfig(value)).toThrow(
      expect.objectContaining({ code: expect.any(String) as string }),
    );
  });
});
