/** Betas and epsilon of transformers' Trainer. */
export const BETA1 = 0.9;
export const BETA2 = 0.999;
export const EPSILON = 1e-8;

export interface Update {
  readonly rate: number;
  readonly weightDecay: number;
  /** The update's number, from 1. */
  readonly t: number;
  /** bitsandbytes decays after the update, torch before it. */
  readonly decayFirst: boolean;
}

/** First and second moments in float32. */
export interface FloatMoments {
  readonly kind: 'float32';
  readonly m: Float32Array;
  readonly v: Float32Array;
}

export function floatMoments(size: number): FloatMoments {
  return { kind: 'float32', m: new Float32Array(size), v: new Float32Array(size) };
}

/** One AdamW update in place. Source: Loshchilov & Hutter 2019; torch.optim.AdamW. */
export function updateFloat(
  parameter: Float32Array,
  gradient: Float32Array,
  { m, v }: FloatMoments,
  update: Update,
): void {
  const { rate, weightDecay, t, decayFirst } = update;
  const correction2 = Math.sqrt(1 - BETA2 ** t);
  const size = (rate * correction2) / (1 - BETA1 ** t);
  const keep = 1 - rate * weightDecay;
  const epsilon = correction2 * EPSILON;
  for (let i = 0; i < parameter.length; i++) {
    const g = gradient[i]!;
    const m1 = Math.fround(BETA1 * m[i]! + (1 - BETA1) * g);
    const v1 = Math.fround(BETA2 * v[i]! + (1 - BETA2) * g * g);
    m[i] = m1;
    v[i] = v1;
    const move = (size * m1) / (Math.sqrt(v1) + epsilon);
    const p = parameter[i]!;
    parameter[i] = decayFirst ? p * keep - move : (p - move) * keep;
  }
}
