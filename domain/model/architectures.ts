/** What differs between decoder families; a family is added here as data. */
export interface Architecture {
  /** `model_type` of config.json. */
  readonly modelType: string;
  /** The class name in `architectures`. */
  readonly className: string;
  readonly activation: 'silu';
  readonly norm: 'rms';
  /** Projections that carry a bias, given the config's own flags. */
  readonly biases: (flags: { readonly attentionBias: boolean; readonly mlpBias: boolean }) => {
    readonly attention: boolean;
    readonly mlp: boolean;
  };
  readonly defaultTheta: number;
  readonly defaultNormEpsilon: number;
}

export const ARCHITECTURES: readonly Architecture[] = [
  {
    modelType: 'llama',
    className: 'LlamaForCausalLM',
    activation: 'silu',
    norm: 'rms',
    biases: ({ attentionBias, mlpBias }) => ({ attention: attentionBias, mlp: mlpBias }),
    defaultTheta: 10_000,
    defaultNormEpsilon: 1e-6,
  },
];
