import type { LoraModule } from './modules.js';

export type Activation = 'silu' | 'gelu-tanh';

/** The norms of a layer by what they do; the names are those of the checkpoint. */
export interface LayerNorms {
  readonly beforeAttention: string;
  readonly beforeMlp: string;
  /** Norms of what attention and MLP give, before it is added to the residual. */
  readonly afterAttention?: string;
  readonly afterMlp?: string;
}

/** How a family chooses the layers whose attention sees a window only, where config.json does not list them. */
export type WindowRule =
  /** No layer. */
  | 'never'
  /** Every layer, when a window is set. */
  | 'always'
  /** From layer `max_window_layers`, when `use_sliding_window` is true. */
  | 'upper-layers'
  /** The layers without rotary embedding, when `use_sliding_window` is true. */
  | 'unrotated-layers'
  /** All but each n-th layer. */
  | { readonly allButEach: number };

/**
 * What differs between decoder families, as data: everything is computed by one decoder. A family
 * is added here, verified against transformers by test/conformance/peft, and only then accepted.
 * Source: transformers 5.23, configuration_*.py and modeling_*.py of each family.
 */
export interface Architecture {
  /** `model_type` of config.json. */
  readonly modelType: string;
  /** The class name in `architectures`. */
  readonly className: string;
  /** Keys of config.json that name the activation, the first present one counts. */
  readonly activationKeys: readonly string[];
  /** The accepted values of that key. */
  readonly activations: Readonly<Record<string, Activation>>;
  /** Added to every RMS norm's stored weight, in float32. */
  readonly normOffset: 0 | 1;
  readonly norms: LayerNorms;
  /** RMS norms of every query and key head before rotation. */
  readonly headNorms: boolean;
  /** Modules with a bias always; with `attention_bias`; with `mlp_bias`. */
  readonly biases: {
    readonly always: readonly LoraModule[];
    readonly attention: readonly LoraModule[];
    readonly mlp: readonly LoraModule[];
  };
  /** Multiplies embeddings by sqrt(hidden_size). */
  readonly scaledEmbeddings: boolean;
  /** Scores are scaled by `query_pre_attn_scalar`^-0.5 instead of head_dim^-0.5. */
  readonly queryScalar: boolean;
  /** Softcaps that the family computes, by key of config.json, with the class's defaults. */
  readonly softcaps: {
    readonly attn_logit_softcapping?: number | null;
    readonly final_logit_softcapping?: number | null;
  };
  readonly windows: WindowRule;
  /** Whether the family reads `layer_types`. */
  readonly listsLayerTypes: boolean;
  /** Each n-th layer has no rotary embedding, unless `no_rope_layers` says otherwise. */
  readonly unrotated?: { readonly each: number };
  /** Base of the rotary embedding; `local` is that of windowed layers where they have their own. */
  readonly theta: { readonly global: number; readonly local?: number };
  /** Defaults of the configuration class; `kvHeads` null is as many as heads, `headDim` null is hidden / heads. */
  readonly defaults: {
    readonly kvHeads: number | null;
    readonly headDim: number | null;
    readonly maxPositions: number;
    readonly tieEmbeddings: boolean;
    readonly slidingWindow: number | null;
  };
}

const ATTENTION = ['q_proj', 'k_proj', 'v_proj', 'o_proj'] as const;
const MLP = ['gate_proj', 'up_proj', 'down_proj'] as const;

const LLAMA: Architecture = {
  modelType: 'llama',
  className: 'LlamaForCausalLM',
  activationKeys: ['hidden_act'],
  activations: { silu: 'silu' },
  normOffset: 0,
  norms: { beforeAttention: 'input_layernorm', beforeMlp: 'post_attention_layernorm' },
  headNorms: false,
  biases: { always: [], attention: ATTENTION, mlp: MLP },
  scaledEmbeddings: false,
  queryScalar: false,
  softcaps: {},
  windows: 'never',
  listsLayerTypes: false,
  theta: { global: 10_000 },
  defaults: {
    kvHeads: null,
    headDim: null,
    maxPositions: 2048,
    tieEmbeddings: false,
    slidingWindow: null,
  },
};

const MISTRAL: Architecture = {
  ...LLAMA,
  modelType: 'mistral',
  className: 'MistralForCausalLM',
  biases: { always: [], attention: [], mlp: [] },
  windows: 'always',
  defaults: { ...LLAMA.defaults, kvHeads: 8, maxPositions: 131_072, slidingWindow: 4096 },
};

const QWEN2: Architecture = {
  ...LLAMA,
  modelType: 'qwen2',
  className: 'Qwen2ForCausalLM',
  biases: { always: ['q_proj', 'k_proj', 'v_proj'], attention: [], mlp: [] },
  windows: 'upper-layers',
  listsLayerTypes: true,
  defaults: { ...LLAMA.defaults, kvHeads: 32, maxPositions: 32_768, slidingWindow: 4096 },
};

const QWEN3: Architecture = {
  ...QWEN2,
  modelType: 'qwen3',
  className: 'Qwen3ForCausalLM',
  biases: { always: [], attention: ATTENTION, mlp: [] },
  headNorms: true,
  defaults: { ...QWEN2.defaults, headDim: 128 },
};

const SMOLLM3: Architecture = {
  ...LLAMA,
  modelType: 'smollm3',
  className: 'SmolLM3ForCausalLM',
  windows: 'unrotated-layers',
  listsLayerTypes: true,
  unrotated: { each: 4 },
  theta: { global: 2_000_000 },
  defaults: { ...LLAMA.defaults, kvHeads: 4, maxPositions: 32_768, tieEmbeddings: true },
};

const GEMMA: Architecture = {
  ...LLAMA,
  modelType: 'gemma',
  className: 'GemmaForCausalLM',
  activationKeys: ['hidden_activation', 'hidden_act'],
  // The first releases say "gelu" and mean the tanh form, as transformers reads them.
  activations: { gelu_pytorch_tanh: 'gelu-tanh', gelu: 'gelu-tanh' },
  normOffset: 1,
  biases: { always: [], attention: ATTENTION, mlp: [] },
  scaledEmbeddings: true,
  defaults: {
    kvHeads: 16,
    headDim: 256,
    maxPositions: 8192,
    tieEmbeddings: true,
    slidingWindow: null,
  },
};

const GEMMA2: Architecture = {
  ...GEMMA,
  modelType: 'gemma2',
  className: 'Gemma2ForCausalLM',
  activationKeys: ['hidden_activation'],
  activations: { gelu_pytorch_tanh: 'gelu-tanh' },
  norms: {
    beforeAttention: 'input_layernorm',
    afterAttention: 'post_attention_layernorm',
    beforeMlp: 'pre_feedforward_layernorm',
    afterMlp: 'post_feedforward_layernorm',
  },
  queryScalar: true,
  softcaps: { attn_logit_softcapping: 50, final_logit_softcapping: 30 },
  windows: { allButEach: 2 },
  listsLayerTypes: true,
  defaults: { ...GEMMA.defaults, kvHeads: 4, slidingWindow: 4096 },
};

const GEMMA3: Architecture = {
  ...GEMMA2,
  modelType: 'gemma3_text',
  className: 'Gemma3ForCausalLM',
  headNorms: true,
  softcaps: { final_logit_softcapping: null },
  windows: { allButEach: 6 },
  theta: { global: 1_000_000, local: 10_000 },
  defaults: { ...GEMMA2.defaults, maxPositions: 131_072 },
};

export const ARCHITECTURES: readonly Architecture[] = [
  LLAMA,
  MISTRAL,
  QWEN2,
  QWEN3,
  SMOLLM3,
  GEMMA,
  GEMMA2,
  GEMMA3,
];
