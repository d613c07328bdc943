import type { Architecture } from './architectures.js';
import { count, flag, invalid, optional, unsupported, type Json } from './config-values.js';

/** How one layer's attention sees the tokens before. */
export interface LayerSettings {
  /** A query sees this many keys, itself included; undefined: all before it. */
  readonly window: number | undefined;
  /** Which of the model's ropes turns queries and keys; undefined: none (NoPE). */
  readonly rope: number | undefined;
}

function rotatedLayers(json: Json, layers: number, { unrotated }: Architecture): boolean[] {
  if (unrotated === undefined) return Array.from({ length: layers }, () => true);
  const listed = json['no_rope_layers'];
  if (Array.isArray(listed)) {
    // 1 is a layer with rotary embedding, whatever the key's name says.
    if (listed.length < layers || !listed.every((value) => value === 0 || value === 1))
      invalid('no_rope_layers', `a list of ${String(layers)} zeros and ones`);
    return listed.slice(0, layers).map((value) => value === 1);
  }
  const each = count(json, 'no_rope_layer_interval', unrotated.each);
  return Array.from({ length: layers }, (_, i) => (i + 1) % each !== 0);
}

/** Whether the family's own rule gives layer `i` a window. */
function byRule(
  json: Json,
  { windows }: Architecture,
  rotated: readonly boolean[],
): (i: number) => boolean {
  const chosen = () => flag(json, 'use_sliding_window', false);
  if (typeof windows === 'object') {
    const each = count(json, 'sliding_window_pattern', windows.allButEach);
    return (i) => (i + 1) % each !== 0;
  }
  if (windows === 'never') return () => false;
  if (windows === 'always') return () => true;
  if (!chosen()) return () => false;
  if (windows === 'unrotated-layers') return (i) => rotated[i] === false;
  const from = json['max_window_layers'] === 0 ? 0 : count(json, 'max_window_layers', 28);
  return (i) => i >= from;
}

const TYPES = { full_attention: false, sliding_attention: true } as const;

function typesOf(json: Json, layers: number): boolean[] | undefined {
  const listed = json['layer_types'];
  if (listed === undefined || listed === null) return undefined;
  if (!Array.isArray(listed) || listed.length !== layers)
    return invalid('layer_types', `a list of ${String(layers)} types`);
  return listed.map((type: unknown) => {
    if (type === 'full_attention' || type === 'sliding_attention') return TYPES[type];
    return unsupported(
      `layer type ${JSON.stringify(type)} is not supported; full_attention and sliding_attention are.`,
    );
  });
}

/**
 * Windows and ropes of every layer, as the family's configuration class computes them.
 * @throws ModelError CONFIG_INVALID, ARCHITECTURE_UNSUPPORTED
 */
export function parseLayers(
  json: Json,
  layers: number,
  architecture: Architecture,
): readonly LayerSettings[] {
  const rotated = rotatedLayers(json, layers, architecture);
  const rule = byRule(json, architecture, rotated);
  const window = optional(json, 'sliding_window', architecture.defaults.slidingWindow);
  if (window !== undefined && !Number.isSafeInteger(window))
    invalid('sliding_window', 'an integer');
  const computed = rotated.map((_, i) => rule(i) && window !== undefined);
  const listed = typesOf(json, layers) ?? computed;
  if (!architecture.listsLayerTypes && listed.some((windowed, i) => windowed !== computed[i]))
    unsupported(`"layer_types" are not read by ${architecture.className}; remove the key.`);
  if (listed.includes(true) && window === undefined)
    invalid('sliding_window', 'set, since "layer_types" names layers of sliding_attention');
  const local = architecture.theta.local === undefined ? 0 : 1;
  return listed.map((windowed, i) => ({
    window: windowed ? window : undefined,
    rope: rotated[i] === false ? undefined : windowed ? local : 0,
  }));
}
