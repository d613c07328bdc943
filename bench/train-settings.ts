import { LORA_MODULES } from '../domain/model/index.js';
import type { TrainSettings } from '../domain/train/index.js';

export const BENCH_LORA = { r: 16, alpha: 32, dropout: 0, targetModules: LORA_MODULES } as const;

/** A constant rate, float32 AdamW and no clipping worth the name: what the peer's loop does. */
export const BENCH_SETTINGS: Omit<TrainSettings, 'quantization' | 'batchSize'> = {
  ...BENCH_LORA,
  rsLora: false,
  loraPlusRatio: 1,
  dora: false,
  epochs: 1,
  accumulation: 1,
  packing: 'packed',
  passTokens: 2048,
  optimizer: 'adamw',
  learningRate: 1e-4,
  weightDecay: 0,
  maxGradNorm: 1,
  warmupRatio: 0,
  warmupSteps: null,
  schedule: 'constant',
  saveSteps: 1_000_000,
  evalSteps: 1_000_000,
  maxSteps: null,
  seed: 1,
};

/** What one process of the benchmark prints: figures of the steps after the first. */
export interface StepFigures {
  readonly tokensPerStep: number;
  readonly losses: readonly number[];
  readonly secondsPerStep: readonly number[];
  readonly cpuSecondsPerStep: number;
  readonly peakRssBytes: number;
}
