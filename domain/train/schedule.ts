export interface Schedule {
  readonly kind: 'cosine' | 'linear' | 'constant';
  readonly baseRate: number;
  readonly warmupRatio: number;
  /** In place of the ratio unless null or left out. */
  readonly warmupSteps?: number | null;
  readonly totalSteps: number;
}

/**
 * Learning rate of the update at `step` (from 0). Warm-up takes `warmupSteps`, or
 * ceil(total * ratio) steps, from 0.
 * Source: transformers 5.23 optimization.py; the scheduler steps after the optimizer.
 */
export function learningRate(
  { kind, baseRate, warmupRatio, warmupSteps, totalSteps }: Schedule,
  step: number,
): number {
  const warmup = warmupSteps ?? Math.ceil(totalSteps * warmupRatio);
  if (step < warmup) return (baseRate * step) / Math.max(1, warmup);
  if (kind === 'constant') return baseRate;
  const progress = (step - warmup) / Math.max(1, totalSteps - warmup);
  if (kind === 'linear') return baseRate * Math.max(0, 1 - progress);
  return baseRate * Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress)));
}
