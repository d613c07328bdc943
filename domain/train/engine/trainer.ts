import * as tf from '@tensorflow/tfjs';
import type { TrainPlan } from '../../../schemas/index.js';
import {
  checkAdapterFits,
  initializeAdapter,
  LORA_MODULES,
  type Adapter,
  type ModelConfig,
} from '../../model/index.js';
import { parametersOf } from '../checkpoint.js';
import { fillDropoutMask } from '../dropout.js';
import { TrainError } from '../errors.js';
import {
  clipGradients,
  createOptimizer,
  updateParameters,
  type OptimizerState,
} from '../optimizer.js';
import { learningRate } from '../schedule.js';
import { countedTokens, type TokenSequence } from '../sequence.js';
import type { StepMetrics, TrainSettings } from '../settings.js';
import type { BaseModel } from './base-model.js';
import { packSequences } from './batch.js';
import { disposeAdapter, uploadAdapter, type DropInput } from './decoder.js';
import { batchGradients, type LayerGradients } from './gradients.js';
import { filled } from './primitives.js';

/** What training changes; everything else is given. */
export interface TrainState {
  readonly adapter: Adapter;
  readonly optimizer: OptimizerState;
}

/** The state before the first step: a seeded adapter (or a copy of `initial`), empty moments. */
export function createState(
  config: ModelConfig,
  settings: TrainSettings,
  initial?: Adapter,
): TrainState {
  const { r, alpha, dropout, targetModules, seed } = settings;
  const lora = { r, alpha, dropout, targetModules };
  const adapter =
    initial === undefined ? initializeAdapter(config, lora, seed) : structuredClone(initial);
  checkAdapterFits(adapter, config);
  return { adapter, optimizer: createOptimizer(settings.optimizer, parametersOf(adapter)) };
}

/** Activations of one token in one layer, roughly, in floats; decides whether to recompute. */
function needsRecomputation(
  config: ModelConfig,
  passTokens: number,
  budgetBytes = 1 << 29,
): boolean {
  const { hiddenSize, intermediateSize, layers, heads } = config;
  const perToken =
    12 * hiddenSize + 8 * intermediateSize + 2 * heads * Math.min(passTokens, config.maxPositions);
  const perLayer = 4 * hiddenSize * hiddenSize + 3 * hiddenSize * intermediateSize;
  return 4 * layers * (perToken * passTokens + perLayer) > budgetBytes;
}

function dropoutFor(settings: TrainSettings, layers: number, step: number, pass: number) {
  const { dropout: p, seed } = settings;
  if (p === 0) return (): DropInput => (x) => x;
  return (layer: number): DropInput =>
    (x, module) => {
      const stream = (pass * layers + layer) * LORA_MODULES.length + LORA_MODULES.indexOf(module);
      return tf.mul(
        x,
        filled(x.shape, (out) => {
          fillDropoutMask(out, p, { seed, step, stream });
        }),
      );
    };
}

function addInto(
  sums: Map<string, Float32Array>,
  names: readonly string[],
  layers: readonly LayerGradients[],
): void {
  const parts = layers.flatMap((layer) => Object.values(layer).flatMap(({ a, b }) => [a, b]));
  parts.forEach((part, i) => {
    const name = names[i] ?? '';
    const sum = sums.get(name);
    if (sum === undefined) sums.set(name, part);
    else for (let j = 0; j < sum.length; j++) sum[j] = (sum[j] ?? 0) + (part[j] ?? 0);
  });
}

export interface StepRequest {
  readonly model: BaseModel;
  readonly settings: TrainSettings;
  readonly plan: TrainPlan;
  readonly sequences: readonly TokenSequence[];
  /** The step to take, from 0. */
  readonly step: number;
  /** Recompute activations in the backward pass; decided by what they take when not given. */
  readonly recompute?: boolean | undefined;
  /** Called before every pass; may throw to stop. */
  readonly onPass: () => void;
}

/**
 * Takes one optimizer step, updating `state` in place. The loss is the sum over the step's counted
 * tokens divided by their number (transformers 5: over the whole accumulation window).
 * @throws TrainError LOSS_NOT_FINITE
 */
export function takeStep(state: TrainState, request: StepRequest): StepMetrics {
  const { model, settings, plan, step } = request;
  const passes = (plan.steps[step] ?? []).map((pass) =>
    pass.map((index) => request.sequences[index] as TokenSequence),
  );
  const tokens = passes.flat().reduce((sum, sequence) => sum + countedTokens(sequence), 0);
  const parameters = parametersOf(state.adapter);
  const names = parameters.map(({ name }) => name);
  const gradients = new Map<string, Float32Array>();
  const adapter = uploadAdapter(state.adapter);
  let loss = 0;
  try {
    passes.forEach((pass, index) => {
      request.onPass();
      const batch = packSequences(pass);
      if (batch.rows.length === 0) return;
      const drop = dropoutFor(settings, model.config.layers, step, index);
      const recompute = request.recompute ?? needsRecomputation(model.config, batch.ids.length);
      const result = batchGradients({ model, adapter, batch, weight: 1 / tokens, drop, recompute });
      loss += result.losses.reduce((sum, value) => sum + value, 0) / tokens;
      addInto(gradients, names, result.layers);
    });
  } finally {
    disposeAdapter(adapter);
  }
  if (!Number.isFinite(loss)) {
    throw new TrainError(
      'LOSS_NOT_FINITE',
      `The loss of step ${String(step + 1)} is not finite; lower the learning rate.`,
    );
  }
  const rate = learningRate(
    {
      kind: settings.schedule,
      baseRate: settings.learningRate,
      warmupRatio: settings.warmupRatio,
      totalSteps: plan.steps.length,
    },
    step,
  );
  const gradientNorm = clipGradients(gradients.values(), settings.maxGradNorm);
  updateParameters(parameters, gradients, state.optimizer, {
    kind: settings.optimizer,
    rate,
    weightDecay: settings.weightDecay,
    t: step + 1,
  });
  return { step: step + 1, loss, learningRate: rate, gradientNorm, tokens };
}
