import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TINY_CONFIG } from '../../test/fixtures/model/tiny-model.js';
import { parseModelConfig } from './config.js';
import { inverseFrequencies, rotationTable, type RopeSettings } from './rope.js';

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

describe('inverseFrequencies', () => {
  it.each([
    ['default_theta1e4_d64', { type: 'default', theta: 1e4 }, 64],
    ['linear_factor2', { type: 'linear', theta: 1e4, factor: 2 }, 64],
    ['llama3_1_theta5e5_d128_f8', llama3(8), 128],
    ['llama3_2_theta5e5_d64_f32', llama3(32), 64],
  ] as const)('equals the reference %s', (name, rope, headDim) => {
    const expected = vectors[name] ?? [];
    const actual = inverseFrequencies(rope, headDim);
    expect(actual).toHaveLength(expected.length);
    actual.forEach((value, i) => {
      expect(Math.abs(value / (expected[i] ?? NaN) - 1)).toBeLessThan(3e-7);
    });
  });

  it('makes unit rotations, the first of them none', () => {
    const { cos, sin } = rotationTable({ type: 'default', theta: 1e4 }, 8, 5);
    expect([...cos.subarray(0, 4)]).toEqual([1, 1, 1, 1]);
    cos.forEach((c, i) => {
      expect(c * c + (sin[i] ?? 0) ** 2).toBeCloseTo(1, 6);
    });
  });
});

describe('parseModelConfig', () => {
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
    expect(parseModelConfig(v4).rope).toEqual(llama3(8));
    expect(parseModelConfig(v5).rope).toEqual(llama3(8));
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
    [{ quantization_config: {} }, 'ARCHITECTURE_UNSUPPORTED', 'quantized already'],
    [{ rope_parameters: { rope_type: 'yarn' } }, 'ARCHITECTURE_UNSUPPORTED', '"yarn"'],
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
