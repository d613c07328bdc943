import type { Architecture } from './architectures.js';
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
import { yarnScale, type RopeSettings } from './rope.js';

/** Lengths of the original model: transformers prefers the top-level key, then the scaling's own. */
function originalPositions(json: Json, scaling: Json): number {
  const key = 'original_max_position_embeddings';
  if (json[key] !== undefined) return count(json, key);
  return count(scaling, key, count(json, 'max_position_embeddings'));
}

function yarn(json: Json, scaling: Json, theta: number): RopeSettings {
  const originalMaxPositions = originalPositions(json, scaling);
  const factor = optional(scaling, 'factor', null) ?? maxPositionsOf(json) / originalMaxPositions;
  const m = optional(scaling, 'mscale', null);
  const mAll = optional(scaling, 'mscale_all_dim', null);
  const scale =
    m !== undefined && mAll !== undefined
      ? yarnScale(factor, m) / yarnScale(factor, mAll)
      : yarnScale(factor);
  return {
    type: 'yarn',
    theta,
    factor,
    originalMaxPositions,
    betaFast: optional(scaling, 'beta_fast', null) ?? 32,
    betaSlow: optional(scaling, 'beta_slow', null) ?? 1,
    truncate: flag(scaling, 'truncate', true),
    attentionFactor: optional(scaling, 'attention_factor', null) ?? scale,
  };
}

const maxPositionsOf = (json: Json) => count(json, 'max_position_embeddings');

function ropeOf(json: Json, scaling: Json, theta: number): RopeSettings {
  const type = scaling['rope_type'] ?? scaling['type'] ?? 'default';
  const partial = scaling['partial_rotary_factor'] ?? json['partial_rotary_factor'] ?? 1;
  if (partial !== 1) return unsupported('"partial_rotary_factor" other than 1 is not supported.');
  if (type === 'default') return { type, theta };
  if (type === 'linear') return { type, theta, factor: positive(scaling, 'factor') };
  if (type === 'llama3') {
    return {
      type,
      theta,
      factor: positive(scaling, 'factor'),
      lowFrequencyFactor: positive(scaling, 'low_freq_factor'),
      highFrequencyFactor: positive(scaling, 'high_freq_factor'),
      originalMaxPositions: originalPositions(json, scaling),
    };
  }
  if (type === 'yarn') return yarn(json, scaling, theta);
  return unsupported(
    `rope type ${JSON.stringify(type)} is not supported; default, linear, llama3 and yarn are.`,
  );
}

const NESTED = ['full_attention', 'sliding_attention'] as const;

/**
 * The rope parameters: `rope_parameters` of transformers 5, `rope_scaling` of 4. A file that has
 * both must not contradict itself, since the versions would prefer different ones.
 */
function mergedScaling(json: Json): Json {
  const read = (key: string): Json => {
    const value = json[key] ?? {};
    return isObject(value) ? value : invalid(key, 'an object');
  };
  const [v5, v4] = [read('rope_parameters'), read('rope_scaling')];
  for (const [key, value] of Object.entries(v4)) {
    const other = v5[key === 'type' ? 'rope_type' : key];
    if (other !== undefined && other !== value)
      invalid(`rope_scaling.${key}`, 'what "rope_parameters" says');
  }
  return { ...v4, ...v5 };
}

/**
 * Rope tables by use: the first for layers that see everything, the second, where the family has
 * its own, for windowed layers. Priority of theta: rope_parameters (transformers 5), then the
 * top-level key (4), then the family's default.
 */
export function parseRopes(json: Json, { theta }: Architecture): readonly RopeSettings[] {
  const merged = mergedScaling(json);
  const nested = NESTED.some((key) => isObject(merged[key]));
  if (theta.local === undefined) {
    if (nested) unsupported('"rope_parameters" by layer type are not supported for this family.');
    const base = positive(
      { rope_theta: json['rope_theta'], ...merged },
      'rope_theta',
      theta.global,
    );
    return [ropeOf(json, merged, base)];
  }
  const own = (key: (typeof NESTED)[number]): Json => (isObject(merged[key]) ? merged[key] : {});
  const { full_attention: _full, sliding_attention: _sliding, ...flat } = merged;
  const global = nested ? { ...flat, ...own('full_attention') } : flat;
  const local = own('sliding_attention');
  return [
    ropeOf(
      json,
      global,
      positive({ rope_theta: json['rope_theta'], ...global }, 'rope_theta', theta.global),
    ),
    ropeOf(
      json,
      local,
      positive({ rope_theta: json['rope_local_base_freq'], ...local }, 'rope_theta', theta.local),
    ),
  ];
}
