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
import { checkInitialAdapter } from '../initial-adapter.js';
import { materializeLayer, type BaseModel } from './base-model.js';
import { packSequences } from './batch.js';
import { batchGradients, type LayerGradients } from './gradients.js';
import { disposeAdapter, factorsOf, keepAll, uploadAdapter, type DropInput } from './lora.js';
import { filled, inScope, readValues } from './primitives.js';

/** What training changes; everything else is given. */
export interface TrainState {
  readonly adapter: Adapter;
  readonly optimizer: OptimizerState;
}

/**
 * The state before the first step: a seeded adapter (or a copy of `initial`), empty moments. A
 * fresh DoRA adapter still needs `startMagnitudes`.
 * @throws ModelError ADAPTER_INVALID, TrainError ADAPTER_MISMATCH
 */
export function createState(
  config: ModelConfig,
  settings: TrainSettings,
  initial?: Adapter,
): TrainState {
  const { r, alpha, dropout, targetModules, rsLora, dora, seed } = settings;
  const lora = { r, alpha, dropout, targetModules, rsLora, dora };
  if (initial !== undefined) checkInitialAdapter(initial.settings, lora);
  const adapter =
    initial === undefined
      ? initializeAdapter(config, lora, seed)
      : { settings: lora, layers: structuredClone(initial.layers) };
  checkAdapterFits(adapter, config);
  return { adapter, optimizer: createOptimizer(settings.optimizer, parametersOf(adapter)) };
}

/** Writes the base model's row lengths into a fresh DoRA adapter, in place; B is still zero. */
export async function startMagnitudes({ adapter }: TrainState, model: BaseModel): Promise<void> {
  for (const [index, layer] of adapter.layers.entries()) {
    await inScope(async () => {
      const weights = materializeLayer(model.layers[index] as BaseModel['layers'][number]);
      for (const module of adapter.settings.targetModules) {
        const norms = tf.norm(weights[module].weight, 2, 1);
        layer[module]?.magnitude?.set(await readValues(norms));
      }
    });
  }
}

/** Activations of one token in one layer, roughly, in floats; decides whether to recompute. */
export function needsRecomputation(
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
  if (p === 0) return (): DropInput => keepAll;
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
  const parts = layers.flatMap((layer) => Object.values(layer).flatMap(factorsOf<Float32Array>));
  parts.forEach((part, i) => {
    const name = names[i] ?? '';
    const sum = sums.get(name);
    if (sum === undefined) sums.set(name, part);
    else for (let j = 0; j < sum.length; j++) sum[j] = (sum[j] ?? 0) + (part[j] ?? 0);
  });
}

function notFinite(what: 'loss' | 'gradient', step: number, saveSteps: number): TrainError {
  const saved = Math.floor(step / saveSteps) * saveSteps;
  const kept =
    saved === 0
      ? 'No checkpoint was due before it.'
      : `The checkpoint of step ${String(saved)} is kept.`;
  return new TrainError(
    'LOSS_NOT_FINITE',
    `The ${what} of step ${String(step + 1)} is not a finite number, and the adapter was left as it was. Lower /train/learningRate, or raise /train/warmupSteps; if it is the first step, the base model's weights are not finite. ${kept}`,
  );
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
 * @throws TrainError LOSS_NOT_FINITE; the state is then that of the step before
 */
export async function takeStep(state: TrainState, request: StepRequest): Promise<StepMetrics> {
  const { model, settings, plan, step } = request;
  const passes = (plan.steps[step] ?? []).map((pass) =>
    pass.map((index) => request.sequences[index] as TokenSequence),
  );
  const tokens = passes.flat().reduce((sum, sequence) => sum + countedTokens(sequence), 0);
  const parameters = parametersOf(state.adapter, settings.loraPlusRatio);
  const names = parameters.map(({ name }) => name);
  const gradients = new Map<string, Float32Array>();
  const adapter = uploadAdapter(state.adapter);
  let loss = 0;
  try {
    for (const [index, pass] of passes.entries()) {
      request.onPass();
      const batch = packSequences(pass, { padded: plan.packing === 'padded' });
      if (batch.rows.length === 0) continue;
      const drop = dropoutFor(settings, model.config.layers, step, index);
      const recompute = request.recompute ?? needsRecomputation(model.config, batch.ids.length);
      const weight = 1 / tokens;
      const result = await batchGradients({ model, adapter, batch, weight, drop, recompute });
      loss += result.losses.reduce((sum, value) => sum + value, 0) / tokens;
      addInto(gradients, names, result.layers);
    }
  } finally {
    disposeAdapter(adapter);
  }
  const gradientNorm = clipGradients(gradients.values(), settings.maxGradNorm);
  if (!Number.isFinite(loss)) throw notFinite('loss', step, settings.saveSteps);
  if (!Number.isFinite(gradientNorm)) throw notFinite('gradient', step, settings.saveSteps);
  const rate = learningRate(
    {
      kind: settings.schedule,
      baseRate: settings.learningRate,
      warmupRatio: settings.warmupRatio,
      warmupSteps: settings.warmupSteps,
      totalSteps: plan.steps.length,
    },
    step,
  );
  updateParameters(parameters, gradients, state.optimizer, {
    kind: settings.optimizer,
    rate,
    weightDecay: settings.weightDecay,
    t: step + 1,
  });
  return { step: step + 1, loss, learningRate: rate, gradientNorm, tokens };
}
