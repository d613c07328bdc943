import type { ModelConfig } from './config.js';
import { LORA_MODULES, modulePath, type LoraModule } from './modules.js';

/** [out, in] of a layer's linear module. */
export function moduleShape(config: ModelConfig, module: LoraModule): readonly [number, number] {
  const { hiddenSize, heads, kvHeads, headDim, intermediateSize } = config;
  const shapes = {
    q_proj: [heads * headDim, hiddenSize],
    k_proj: [kvHeads * headDim, hiddenSize],
    v_proj: [kvHeads * headDim, hiddenSize],
    o_proj: [hiddenSize, heads * headDim],
    gate_proj: [intermediateSize, hiddenSize],
    up_proj: [intermediateSize, hiddenSize],
    down_proj: [hiddenSize, intermediateSize],
  } as const;
  return shapes[module];
}

/** The names that `model.layers.N.` comes before: norms over the hidden size. */
function layerNormNames({ architecture }: ModelConfig): readonly string[] {
  const { beforeAttention, afterAttention, beforeMlp, afterMlp } = architecture.norms;
  return [beforeAttention, afterAttention, beforeMlp, afterMlp].filter(
    (name) => name !== undefined,
  );
}

/** The same for norms over a head. */
function headNormNames({ architecture }: ModelConfig): readonly string[] {
  return architecture.headNorms ? ['self_attn.q_norm', 'self_attn.k_norm'] : [];
}

function layerShapes(config: ModelConfig, layer: number): [string, readonly number[]][] {
  const prefix = `model.layers.${String(layer)}`;
  const norms = layerNormNames(config).map((name) => [name, config.hiddenSize] as const);
  const heads = headNormNames(config).map((name) => [name, config.headDim] as const);
  const linear = LORA_MODULES.flatMap((module): [string, readonly number[]][] => {
    const name = `${prefix}.${modulePath(module)}`;
    const shape = moduleShape(config, module);
    const weight: [string, readonly number[]] = [`${name}.weight`, shape];
    return config.biases.includes(module) ? [weight, [`${name}.bias`, [shape[0]]]] : [weight];
  });
  return [
    ...[...norms, ...heads].map(([name, width]): [string, readonly number[]] => [
      `${prefix}.${name}.weight`,
      [width],
    ]),
    ...linear,
  ];
}

/** Every tensor that the model computes with and its shape, by its name in a checkpoint. */
export function tensorShapes(config: ModelConfig): ReadonlyMap<string, readonly number[]> {
  const table = [config.vocabSize, config.hiddenSize];
  const layers = Array.from({ length: config.layers }, (_, layer) => layerShapes(config, layer));
  return new Map<string, readonly number[]>([
    ['model.embed_tokens.weight', table],
    ...layers.flat(),
    ['model.norm.weight', [config.hiddenSize]],
    ...(config.tieEmbeddings ? [] : [['lm_head.weight', table] as const]),
  ]);
}
