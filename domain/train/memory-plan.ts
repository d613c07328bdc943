import { LORA_MODULES, moduleShape, type LoraModule, type ModelConfig } from '../model/index.js';
import type { MemoryPlan } from '../../schemas/index.js';
import { TrainError } from './errors.js';
import { MIN_8BIT_SIZE } from './adamw8bit.js';
import type { TrainSettings } from './settings.js';

export interface MemoryRequest {
  readonly config: ModelConfig;
  readonly settings: Pick<
    TrainSettings,
    'r' | 'targetModules' | 'optimizer' | 'quantization' | 'dropout' | 'dora'
  >;
  /** Tokens of the widest pass, and of the longest sequence. */
  readonly passTokens: number;
  readonly longest: number;
  readonly recompute: boolean;
}

/** Node.js, TensorFlow.js, onnxruntime, a helper thread and the garbage of loading, as measured on the default backend. */
const RUNTIME = 245e6;
/** NF4 as it is computed with: half a byte, and one float32 scale per 64. */
const PACKED = 1 / 2 + 4 / 64;
/** What one tape over all layers holds beyond what the backward pass reads, as measured. */
const TAPE = 1.5;
/** Rows of logits are made in chunks of at most this many elements. */
export const MAX_LOGITS = 1 << 24;
const FLOAT = 4;

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function sizesOf(config: ModelConfig, modules: readonly LoraModule[]): readonly number[] {
  return modules.map((module) => {
    const [outs, ins] = moduleShape(config, module);
    return outs * ins;
  });
}

/** Bytes of the adapter's pairs: two copies, gradients, two moments (one byte each in 8-bit). */
function adapterBytes({ config, settings }: MemoryRequest): number {
  const { r, targetModules, optimizer } = settings;
  const sizes = targetModules.flatMap((module) => moduleShape(config, module).map((n) => n * r));
  const moment = (size: number) => (optimizer !== 'adamw' && size >= MIN_8BIT_SIZE ? 1 : FLOAT);
  return config.layers * sum(sizes.map((size) => size * (3 * FLOAT + 2 * moment(size))));
}

/**
 * Floats that a layer keeps of a token beside its plain LoRA modules: with dropout each module's
 * mask and what it leaves of the input; with DoRA the module's output before its scale, and with
 * both also what dropout took, its product, and the output before they are added.
 */
function moduleFloats({ config, settings }: MemoryRequest): number {
  const shapes = settings.targetModules.map((module) => moduleShape(config, module));
  const outs = sum(shapes.map(([out]) => out));
  const ins = sum(shapes.map(([, own]) => own));
  const dropped = settings.dropout > 0;
  const dora = settings.dora ? (dropped ? 3 * outs + ins : outs) : 0;
  return dora + (dropped ? 2 * ins : 0);
}

/** Floats that a family's own operations keep: norms of heads and after a block, capped scores. */
function familyFloats({ config, longest }: MemoryRequest): number {
  const { architecture, attentionSoftcap, heads, kvHeads, headDim, hiddenSize } = config;
  const { afterAttention, afterMlp } = architecture.norms;
  const norms = [afterAttention, afterMlp].filter((name) => name !== undefined).length;
  const normed = architecture.headNorms ? (heads + kvHeads) * headDim : 0;
  return norms * hiddenSize + normed + (attentionSoftcap === undefined ? 0 : heads * longest);
}

/** Floats that one layer keeps of a token: rows of hidden width, heads before and after rotation, the gate's four rows, probabilities. */
function tokenFloats(request: MemoryRequest): number {
  const { config, settings, longest } = request;
  const { hiddenSize, intermediateSize, heads, kvHeads, headDim } = config;
  const rotated = 2 * (heads + 2 * kvHeads) * headDim;
  const low = settings.r * settings.targetModules.length;
  const rows = 6 * hiddenSize + heads * headDim + 4 * intermediateSize;
  return rows + rotated + low + heads * longest + moduleFloats(request) + familyFloats(request);
}

/**
 * Predicts the peak resident memory of a training, whole bytes; measured figures lie in bench/results.
 * Not counted: the room of fused attention's tasks while one layer's runs, which grows with the pass
 * and at 2048 tokens is under 4 % of the plan of SmolLM2-135M to 1.7B.
 */
export function planMemory(request: MemoryRequest): MemoryPlan {
  const { config, settings, passTokens, recompute } = request;
  const { vocabSize, hiddenSize, layers, tieEmbeddings } = config;
  const layer = sum(sizesOf(config, LORA_MODULES));
  const packed = settings.quantization !== 'none';
  const oneLayer = FLOAT * passTokens * tokenFloats(request);
  const inputs = FLOAT * passTokens * hiddenSize * layers;
  const chunkRows = Math.min(passTokens, Math.max(1, Math.floor(MAX_LOGITS / vocabSize)));
  const parts = {
    runtime: RUNTIME,
    embeddings: FLOAT * vocabSize * hiddenSize * (tieEmbeddings ? 1 : 2),
    weights: Math.ceil(layers * layer * (packed ? PACKED : FLOAT)),
    dequantized: packed ? layer * FLOAT * (recompute ? 1 : layers) : 0,
    adapter: adapterBytes(request),
    activations: recompute ? inputs + oneLayer : TAPE * layers * oneLayer,
    logits: 2 * FLOAT * chunkRows * vocabSize,
  };
  return { recompute, ...parts, total: sum(Object.values(parts)) };
}

const gibibytes = (bytes: number): string => (bytes / 2 ** 30).toFixed(1);

/** The changes that save memory, in the order in which they cost least. */
const REMEDIES: readonly (readonly [
  words: string,
  change: (request: MemoryRequest) => MemoryRequest,
])[] = [
  ['recomputing activations', (request) => ({ ...request, recompute: true })],
  [
    'quantization nf4-double (/train/quantization)',
    (request) => ({ ...request, settings: { ...request.settings, quantization: 'nf4-double' } }),
  ],
  [
    'shorter sequences (/tokenize/maxLength), half as long',
    (request) => ({
      ...request,
      passTokens: Math.ceil(request.passTokens / 2),
      longest: Math.ceil(request.longest / 2),
    }),
  ],
];

/**
 * @param availableBytes what the process may take
 * @throws TrainError MEMORY_TOO_SMALL, saying what would fit
 */
export function requireMemory(request: MemoryRequest, availableBytes: number): MemoryPlan {
  const plan = planMemory(request);
  if (plan.total <= availableBytes) return plan;
  const steps = REMEDIES.map(([words], i) => ({
    words: REMEDIES.slice(0, i + 1).map(([each]) => each),
    total: planMemory(
      REMEDIES.slice(0, i + 1).reduce((changed, [, change]) => change(changed), request),
    ).total,
    last: words,
  }));
  const fits = steps.find(({ total }) => total <= availableBytes);
  const advice =
    fits === undefined
      ? `A smaller model, or a machine with ${gibibytes(plan.total)} GiB, would fit.`
      : `It would fit in ${gibibytes(fits.total)} GiB with ${fits.words.join(' and ')}.`;
  throw new TrainError(
    'MEMORY_TOO_SMALL',
    `The training would take ${gibibytes(plan.total)} GiB at its peak; ${gibibytes(availableBytes)} GiB are there. ${advice}`,
  );
}
