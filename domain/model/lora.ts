import { ModelError } from './errors.js';
import type { ModelConfig } from './config.js';
import { LORA_MODULES, type LoraModule } from './modules.js';
import { randomStream } from './philox.js';
import { moduleShape, tensorShapes } from './tensors.js';

export interface LoraSettings {
  readonly r: number;
  readonly alpha: number;
  readonly dropout: number;
  readonly targetModules: readonly LoraModule[];
  /** Rank-stabilized scale; false when left out. */
  readonly rsLora?: boolean;
  /** With a trained magnitude for every output row; false when left out. */
  readonly dora?: boolean;
}

/** One low-rank pair: `a` is [r, in], `b` is [out, r], row-major float32. */
export interface LoraPair {
  readonly a: Float32Array;
  readonly b: Float32Array;
  /** DoRA's magnitudes, [out]. */
  readonly magnitude?: Float32Array;
}

/** An adapter in memory: pairs by module, one record a layer. */
export interface Adapter {
  readonly settings: LoraSettings;
  readonly layers: readonly Readonly<Partial<Record<LoraModule, LoraPair>>>[];
}

/**
 * `alpha / r` (Hu et al. 2021), or `alpha / sqrt(r)` when rank-stabilized (Kalajdzievski 2023,
 * arXiv 2312.03732).
 */
export function loraScale({ alpha, r, rsLora = false }: LoraSettings): number {
  return alpha / (rsLora ? Math.sqrt(r) : r);
}

/**
 * A fresh adapter: A uniform in ±1/sqrt(in) (PEFT's kaiming_uniform with a = sqrt 5), B zero.
 * A function of config, settings and seed alone. DoRA's magnitudes are zeros here: they start as
 * the lengths of the base model's rows, which whoever holds the base model writes into them.
 */
export function initializeAdapter(
  config: ModelConfig,
  settings: LoraSettings,
  seed: number,
): Adapter {
  const pair = (layer: number, module: LoraModule): LoraPair => {
    const [out, input] = moduleShape(config, module);
    const stream = randomStream({
      seed,
      purpose: 'initialize',
      step: layer,
      layer: LORA_MODULES.indexOf(module),
    });
    const bound = 1 / Math.sqrt(input);
    const a = Float32Array.from(
      { length: settings.r * input },
      () => (2 * stream.nextUniform() - 1) * bound,
    );
    const b = new Float32Array(out * settings.r);
    return settings.dora === true ? { a, b, magnitude: new Float32Array(out) } : { a, b };
  };
  const layers = Array.from({ length: config.layers }, (_, layer) =>
    Object.fromEntries(settings.targetModules.map((module) => [module, pair(layer, module)])),
  );
  return { settings, layers };
}

/** @throws ModelError ADAPTER_INVALID when a pair's size does not fit the model */
export function checkAdapterFits(adapter: Adapter, config: ModelConfig): void {
  const { r, targetModules, dora = false } = adapter.settings;
  const fits = (layer: Adapter['layers'][number], module: LoraModule) => {
    const [out, input] = moduleShape(config, module);
    const pair = layer[module];
    const rows = dora ? out : undefined;
    return (
      pair?.a.length === r * input && pair.b.length === out * r && pair.magnitude?.length === rows
    );
  };
  const ok =
    adapter.layers.length === config.layers &&
    adapter.layers.every((layer) => targetModules.every((module) => fits(layer, module)));
  if (!ok) {
    throw new ModelError(
      'ADAPTER_INVALID',
      'The adapter was made for a model of another shape; use the base model it names.',
    );
  }
}

export interface ParameterCount {
  readonly trainable: number;
  readonly all: number;
  /** As PEFT prints it: `trainable params: N || all params: M || trainable%: P`. */
  readonly line: string;
}

/** Parameters of the base model, as its checkpoint holds them. */
export function countBaseParameters(config: ModelConfig): number {
  const size = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);
  return [...tensorShapes(config).values()].reduce((sum, shape) => sum + size(shape), 0);
}

/** Counts trainable (LoRA) and all parameters. */
export function countParameters(
  config: ModelConfig,
  lora: Pick<LoraSettings, 'r' | 'targetModules' | 'dora'>,
): ParameterCount {
  const perLayer = lora.targetModules.reduce((sum, module) => {
    const [out, input] = moduleShape(config, module);
    return sum + lora.r * (out + input) + (lora.dora === true ? out : 0);
  }, 0);
  const trainable = perLayer * config.layers;
  const all = countBaseParameters(config) + trainable;
  const group = (n: number) => n.toLocaleString('en-US');
  const percent = ((100 * trainable) / all).toFixed(4);
  const line = `trainable params: ${group(trainable)} || all params: ${group(all)} || trainable%: ${percent}`;
  return { trainable, all, line };
}
