import {
  initializeAdapter,
  LORA_MODULES,
  memorySource,
  modulePath,
  moduleShape,
  openSafetensors,
  parseModelConfig,
  writeSafetensors,
  type TensorToWrite,
} from '../../domain/model/index.js';
import {
  batchGradients,
  disposeAdapter,
  loadBaseModel,
  packSequences,
  uploadAdapter,
} from '../../domain/train/engine/index.js';

/** One layer of a small Llama: large enough that matrix products and what is around them count. */
const CONFIG = {
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  hidden_size: 256,
  num_hidden_layers: 1,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  intermediate_size: 688,
  vocab_size: 512,
  max_position_embeddings: 256,
  rms_norm_eps: 1e-5,
  hidden_act: 'silu',
  tie_word_embeddings: true,
} as const;
const TOKENS = 256;
const TURNS = 4;

function trialTensors(): TensorToWrite[] {
  const config = parseModelConfig(CONFIG);
  const filled = (name: string, shape: readonly number[]): TensorToWrite => {
    const size = shape.reduce((product, n) => product * n, 1);
    // Values do not change the time; they only have to stay finite.
    const data = Float32Array.from({ length: size }, (_, i) => 0.02 * Math.cos(i));
    return { name, shape, data };
  };
  const { vocabSize, hiddenSize } = config;
  const norms = ['input_layernorm', 'post_attention_layernorm'];
  return [
    filled('model.embed_tokens.weight', [vocabSize, hiddenSize]),
    filled('model.norm.weight', [hiddenSize]),
    ...norms.map((norm) => filled(`model.layers.0.${norm}.weight`, [hiddenSize])),
    ...LORA_MODULES.map((module) =>
      filled(`model.layers.0.${modulePath(module)}.weight`, moduleShape(config, module)),
    ),
  ];
}

/**
 * How long the started backend takes for the gradients of one small layer, in milliseconds: the best
 * of a few turns after the first, so that compilation and a busy neighbour count little.
 */
export async function timeBackend(): Promise<number> {
  const config = parseModelConfig(CONFIG);
  const source = await openSafetensors(memorySource('trial', writeSafetensors(trialTensors())));
  const model = await loadBaseModel(source, config, 'none', TOKENS);
  const settings = { r: 8, alpha: 16, dropout: 0, targetModules: LORA_MODULES };
  const adapter = uploadAdapter(initializeAdapter(config, settings, 1));
  const ids = Int32Array.from({ length: TOKENS }, (_, i) => i % config.vocabSize);
  const lossMask = new Uint8Array(TOKENS).fill(1);
  const batch = packSequences([{ recordId: 'trial', ids, lossMask }]);
  const times: number[] = [];
  for (let turn = 0; turn <= TURNS; turn++) {
    const begin = performance.now();
    await batchGradients({
      model,
      adapter,
      batch,
      weight: 1,
      drop: () => (x) => x,
      recompute: false,
    });
    if (turn > 0) times.push(performance.now() - begin);
  }
  disposeAdapter(adapter);
  return Math.min(...times);
}
