import type { CheckpointState, TrainPlan } from '../../schemas/index.js';
import type { LoraModule } from '../model/index.js';
import type { OptimizerKind } from './optimizer.js';
import type { Schedule } from './schedule.js';

/** What the engine reads of a policy's train section. */
export interface TrainSettings {
  readonly r: number;
  readonly alpha: number;
  readonly dropout: number;
  readonly targetModules: readonly LoraModule[];
  readonly rsLora: boolean;
  /** Learning rate of B (and of magnitudes) over that of A (LoRA+). */
  readonly loraPlusRatio: number;
  readonly dora: boolean;
  readonly epochs: number;
  readonly batchSize: number;
  readonly accumulation: number;
  readonly packing: TrainPlan['packing'];
  readonly passTokens: number;
  readonly optimizer: OptimizerKind;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly maxGradNorm: number;
  readonly warmupRatio: number;
  /** In place of the ratio unless null. */
  readonly warmupSteps: number | null;
  readonly schedule: Schedule['kind'];
  readonly saveSteps: number;
  readonly evalSteps: number;
  readonly maxSteps: number | null;
  readonly seed: number;
  readonly quantization: 'nf4-double' | 'none';
}

/** One optimizer step's figures; `loss` is the mean over the step's counted tokens. */
export type StepMetrics = CheckpointState['steps'][number];
