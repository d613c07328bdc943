import { describe, expect, it } from 'vitest';
import { TINY_CONFIG } from '../../test/fixtures/model/tiny-model.js';
import { parseModelConfig } from './config.js';
import { checkAdapterFits, countParameters, initializeAdapter } from './lora.js';
import { LORA_MODULES } from './modules.js';
import { readAdapter, writeAdapter } from './peft.js';

const tiny = parseModelConfig(TINY_CONFIG);
const plain = { r: 4, alpha: 8, dropout: 0.05, targetModules: LORA_MODULES };
const settings = { ...plain, rsLora: false, dora: false };
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('countParameters', () => {
  it('counts Mistral 7B at rank 16 on all seven modules', () => {
    // Dimensions of mistralai/Mistral-7B-v0.1; 7,241,732,096 is the count of its checkpoint.
    const mistral = parseModelConfig({
      model_type: 'llama',
      hidden_size: 4096,
      intermediate_size: 14336,
      num_hidden_layers: 32,
      num_attention_heads: 32,
      num_key_value_heads: 8,
      vocab_size: 32000,
      rms_norm_eps: 1e-5,
    });
    const count = countParameters(mistral, { r: 16, targetModules: LORA_MODULES });
    expect(count.line).toBe(
      'trainable params: 41,943,040 || all params: 7,283,675,136 || trainable%: 0.5758',
    );
  });

  it('counts only the named modules and tied embeddings once', () => {
    const untied = { ...tiny, tieEmbeddings: false };
    const lora = { r: 2, targetModules: ['q_proj'] as const };
    expect(countParameters(tiny, lora).trainable).toBe(2 * 2 * (48 + 48));
    expect(countParameters(untied, lora).all - countParameters(tiny, lora).all).toBe(96 * 48);
  });
});

describe('initializeAdapter', () => {
  it('draws A within its bound and leaves B zero, by seed', () => {
    const adapter = initializeAdapter(tiny, settings, 1);
    const pair = adapter.layers[1]?.down_proj;
    const bound = 1 / Math.sqrt(80);
    expect(Math.max(...(pair?.a ?? []).map(Math.abs))).toBeLessThanOrEqual(bound);
    expect(Math.max(...(pair?.a ?? []).map(Math.abs))).toBeGreaterThan(0.9 * bound);
    expect(pair?.b.every((value) => value === 0)).toBe(true);
    expect(initializeAdapter(tiny, settings, 1)).toEqual(adapter);
    expect(initializeAdapter(tiny, settings, 2)).not.toEqual(adapter);
    expect(adapter.layers[0]?.q_proj?.a).not.toEqual(adapter.layers[0]?.k_proj?.a);
  });
});

describe('PEFT files', () => {
  const adapter = initializeAdapter(tiny, settings, 3);
  const files = writeAdapter(adapter, 'org/base');

  it('read back to the same adapter and write the same bytes', async () => {
    const again = await readAdapter(files);
    expect(again).toEqual(adapter);
    expect(writeAdapter(again, 'org/base')).toEqual(files);
  });

  it('have sorted config keys and the names of peft', () => {
    const text = decode(files['adapter_config.json']);
    const config = JSON.parse(text) as Record<string, unknown>;
    expect(Object.keys(config)).toEqual(Object.keys(config).sort());
    expect(config).toMatchObject({
      r: 4,
      lora_alpha: 8,
      lora_dropout: 0.05,
      base_model_name_or_path: 'org/base',
      inference_mode: true,
    });
    const header = decode(files['adapter_model.safetensors'].subarray(8, 5000));
    expect(header).toContain(
      '"base_model.model.model.layers.1.mlp.down_proj.lora_B.weight":{"dtype":"F32","shape":[48,4]',
    );
    expect(header.startsWith('{"__metadata__":{"format":"pt"}')).toBe(true);
  });

  it.each([
    ['use_dora', true],
    ['use_rslora', 'yes'],
    ['layers_to_transform', [0]],
    ['peft_type', 'IA3'],
    ['modules_to_save', ['lm_head']],
    ['rank_pattern', { q_proj: 8 }],
    ['r', 0],
    ['target_modules', ['lm_head']],
    ['target_modules', 'all-linear'],
    ['target_modules', ['q_proj']],
  ])('are refused when %s is %j', async (key, value) => {
    const config = {
      ...(JSON.parse(decode(files['adapter_config.json'])) as object),
      [key]: value,
    };
    const changed = {
      ...files,
      'adapter_config.json': new TextEncoder().encode(JSON.stringify(config)),
    };
    await expect(readAdapter(changed)).rejects.toMatchObject({ code: 'ADAPTER_INVALID' });
  });

  it('are refused for a model of another shape', () => {
    expect(() => {
      checkAdapterFits(adapter, { ...tiny, hiddenSize: 64 });
    }).toThrow(/another shape/);
    expect(() => {
      checkAdapterFits(adapter, { ...tiny, layers: 3 });
    }).toThrow(/another shape/);
  });
});
