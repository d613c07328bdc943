import { ModelError } from './errors.js';
import type { Adapter, LoraPair, LoraSettings } from './lora.js';
import { LORA_MODULES, modulePath, type LoraModule } from './modules.js';
import { memorySource, openSafetensors } from './safetensors.js';
import { writeSafetensors, type TensorToWrite } from './safetensors-writer.js';

/** The two files of a PEFT adapter directory. */
export interface AdapterFiles {
  readonly 'adapter_config.json': Uint8Array;
  readonly 'adapter_model.safetensors': Uint8Array;
}

const PEFT_VERSION = '0.21.2';

const SUFFIXES = {
  a: 'lora_A.weight',
  b: 'lora_B.weight',
  magnitude: 'lora_magnitude_vector',
} as const;

const tensorName = (layer: number, module: LoraModule, factor: keyof typeof SUFFIXES) =>
  `base_model.model.model.layers.${String(layer)}.${modulePath(module)}.${SUFFIXES[factor]}`;

/** adapter_config.json as peft 0.21 saves it: keys sorted, two spaces, the classic set of keys. */
function adapterConfig(settings: LoraSettings, baseModel: string): string {
  const config = {
    alpha_pattern: {},
    auto_mapping: null,
    base_model_name_or_path: baseModel,
    bias: 'none',
    corda_config: null,
    ensure_weight_tying: false,
    eva_config: null,
    exclude_modules: null,
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    layer_replication: null,
    layers_pattern: null,
    layers_to_transform: null,
    loftq_config: {},
    lora_alpha: settings.alpha,
    lora_bias: false,
    lora_dropout: settings.dropout,
    megatron_config: null,
    megatron_core: 'megatron.core',
    modules_to_save: null,
    peft_type: 'LORA',
    peft_version: PEFT_VERSION,
    qalora_group_size: 16,
    r: settings.r,
    rank_pattern: {},
    revision: null,
    target_modules: [...settings.targetModules].sort(),
    target_parameters: null,
    task_type: 'CAUSAL_LM',
    trainable_token_indices: null,
    use_dora: settings.dora ?? false,
    use_qalora: false,
    use_rslora: settings.rsLora ?? false,
  };
  return JSON.stringify(config, null, 2);
}

/** The adapter's tensors under PEFT's names, in layer order. */
export function adapterTensors(adapter: Adapter): readonly TensorToWrite[] {
  const { r } = adapter.settings;
  return adapter.layers.flatMap((layer, index) =>
    LORA_MODULES.flatMap((module) => {
      const pair = layer[module];
      if (pair === undefined) return [];
      const { a, b, magnitude } = pair;
      const name = (factor: keyof typeof SUFFIXES) => tensorName(index, module, factor);
      return [
        { name: name('a'), shape: [r, a.length / r], data: a },
        { name: name('b'), shape: [b.length / r, r], data: b },
        ...(magnitude === undefined
          ? []
          : [{ name: name('magnitude'), shape: [magnitude.length], data: magnitude }]),
      ];
    }),
  );
}

/**
 * Serializes an adapter as Hugging Face peft 0.21.2 does; equal adapters give equal bytes.
 * @param baseModel what `base_model_name_or_path` says
 */
export function writeAdapter(adapter: Adapter, baseModel: string): AdapterFiles {
  return {
    'adapter_config.json': new TextEncoder().encode(adapterConfig(adapter.settings, baseModel)),
    'adapter_model.safetensors': writeSafetensors(adapterTensors(adapter), { format: 'pt' }),
  };
}

function refuse(what: string): never {
  throw new ModelError('ADAPTER_INVALID', `adapter_config.json: ${what}`);
}

/** Keys that change what an adapter computes, with the only value this engine computes. */
const PLAIN: Readonly<Record<string, unknown>> = {
  peft_type: 'LORA',
  use_qalora: false,
  lora_bias: false,
  fan_in_fan_out: false,
  bias: 'none',
  modules_to_save: null,
  layers_to_transform: null,
  layer_replication: null,
  target_parameters: null,
  trainable_token_indices: null,
  alora_invocation_tokens: null,
};

function parseConfig(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  } catch {
    return refuse('is not JSON.');
  }
}

function parseSettings(bytes: Uint8Array): LoraSettings {
  const raw = parseConfig(bytes);
  for (const [key, plain] of Object.entries(PLAIN)) {
    if ((raw[key] ?? plain) !== plain)
      refuse(`"${key}" other than ${JSON.stringify(plain)} is not supported.`);
  }
  for (const key of ['rank_pattern', 'alpha_pattern']) {
    if (Object.keys(raw[key] ?? {}).length > 0) refuse(`"${key}" is not supported.`);
  }
  const { r, lora_alpha: alpha, lora_dropout: dropout = 0, target_modules: modules } = raw;
  if (!Number.isSafeInteger(r) || Number(r) < 1) refuse('"r" must be a positive integer.');
  if (typeof alpha !== 'number' || typeof dropout !== 'number')
    refuse('"lora_alpha" and "lora_dropout" must be numbers.');
  if (!Array.isArray(modules)) refuse('"target_modules" must be a list.');
  const known = LORA_MODULES.filter((module) => modules.includes(module));
  if (known.length !== modules.length || known.length === 0)
    refuse(`"target_modules" may name ${LORA_MODULES.join(', ')}.`);
  const flag = (key: string): boolean => {
    const value = raw[key] ?? false;
    return typeof value === 'boolean' ? value : refuse(`"${key}" must be true or false.`);
  };
  const [rsLora, dora] = [flag('use_rslora'), flag('use_dora')];
  return { r: Number(r), alpha, dropout, targetModules: known, rsLora, dora };
}

/** What an adapter says its base model is. @throws ModelError ADAPTER_INVALID */
export function adapterBase(files: AdapterFiles): string | undefined {
  const base = parseConfig(files['adapter_config.json'])['base_model_name_or_path'];
  return typeof base === 'string' ? base : undefined;
}

/**
 * Reads an adapter saved by peft or by this project.
 * @throws ModelError ADAPTER_INVALID, SAFETENSORS_INVALID, TENSOR_MISSING
 */
export async function readAdapter(files: AdapterFiles): Promise<Adapter> {
  const settings = parseSettings(files['adapter_config.json']);
  const source = await openSafetensors(
    memorySource('adapter_model.safetensors', files['adapter_model.safetensors']),
  );
  const count =
    1 +
    Math.max(-1, ...source.names.map((name) => Number(/\.layers\.(\d+)\./.exec(name)?.[1] ?? -1)));
  const expected = (settings.dora === true ? 3 : 2) * count * settings.targetModules.length;
  if (count === 0 || source.names.length !== expected) {
    throw new ModelError(
      'ADAPTER_INVALID',
      `adapter_model.safetensors: holds ${String(source.names.length)} tensors where ${String(expected)} belong to its layers and modules.`,
    );
  }
  const layers = await Promise.all(
    Array.from({ length: count }, async (_, layer) => {
      const pairs = await Promise.all(
        settings.targetModules.map(async (module): Promise<[LoraModule, LoraPair]> => {
          const factor = (name: keyof typeof SUFFIXES) =>
            source.readFloat32(tensorName(layer, module, name));
          const pair = { a: await factor('a'), b: await factor('b') };
          if (settings.dora !== true) return [module, pair];
          return [module, { ...pair, magnitude: await factor('magnitude') }];
        }),
      );
      return Object.fromEntries(pairs);
    }),
  );
  return { settings, layers };
}
