import { floatMoments, updateFloat, type FloatMoments } from './adamw.js';
import { byteMoments, MIN_8BIT_SIZE, updateByte, type ByteMoments } from './adamw8bit.js';

export type OptimizerKind = 'adamw_8bit' | 'paged_adamw_8bit' | 'adamw';
export type Moments = FloatMoments | ByteMoments;

/** Moments by parameter name, in the order of the parameters. */
export type OptimizerState = ReadonlyMap<string, Moments>;

/** A trained tensor: updated in place. */
export interface Parameter {
  readonly name: string;
  readonly data: Float32Array;
  /** Learning rate over the step's; 1 when left out. */
  readonly rateRatio?: number;
}

export function createOptimizer(
  kind: OptimizerKind,
  parameters: readonly Parameter[],
): OptimizerState {
  return new Map(
    parameters.map(({ name, data }) => {
      const bytes = kind !== 'adamw' && data.length >= MIN_8BIT_SIZE;
      return [name, bytes ? byteMoments(data.length) : floatMoments(data.length)];
    }),
  );
}

export interface OptimizerStep {
  readonly kind: OptimizerKind;
  readonly rate: number;
  readonly weightDecay: number;
  /** From 1. */
  readonly t: number;
}

/**
 * Updates every parameter by its gradient. All are in the group that decays: Trainer leaves out
 * biases and norms only (transformers 5.23 get_decay_parameter_names), and an adapter has neither.
 */
export function updateParameters(
  parameters: readonly Parameter[],
  gradients: ReadonlyMap<string, Float32Array>,
  state: OptimizerState,
  { kind, ...step }: OptimizerStep,
): void {
  for (const { name, data, rateRatio = 1 } of parameters) {
    const update = { ...step, rate: step.rate * rateRatio, decayFirst: kind === 'adamw' };
    const gradient = gradients.get(name);
    const moments = state.get(name);
    if (gradient === undefined || moments === undefined) continue;
    if (moments.kind === 'uint8') updateByte(data, gradient, moments, update);
    else updateFloat(data, gradient, moments, update);
  }
}

/**
 * Scales all gradients in place so that their joint norm is at most maxNorm.
 * Source: torch.nn.utils.clip_grad_norm_ (factor min(1, maxNorm / (norm + 1e-6))).
 * @returns the norm before clipping
 */
export function clipGradients(gradients: Iterable<Float32Array>, maxNorm: number): number {
  const all = [...gradients];
  let squares = 0;
  // By index: an iterator takes ten times as long.
  for (const gradient of all)
    for (let i = 0; i < gradient.length; i++) squares += gradient[i]! * gradient[i]!;
  const norm = Math.sqrt(squares);
  const factor = Math.min(1, maxNorm / (norm + 1e-6));
  if (factor < 1) {
    for (const gradient of all)
      for (let i = 0; i < gradient.length; i++) gradient[i] = gradient[i]! * factor;
  }
  return norm;
}
