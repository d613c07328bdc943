import type { CheckpointState } from '../../schemas/index.js';
import type { LoraModule } from '../model/index.js';
import type { OptimizerKind } from './optimizer.js';
import type { Schedule } from './schedule.js';

/** What the engine reads of a policy's train section. */
export interface TrainSettings {
  readonly r: number;
  readonly alpha: number;
  readonly dropout: number;
  readonly targetModules: readonly LoraModule[];
  readonly epochs: number;
  readonly batchSize: number;
  readonly accumulation: number;
  readonly optimizer: OptimizerKind;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly maxGradNorm: number;
  readonly warmupRatio: number;
  readonly schedule: Schedule['kind'];
  readonly saveSteps: number;
  readonly logSteps: number;
  readonly evalSteps: number;
  readonly maxSteps: number | null;
  readonly seed: number;
  readonly quantization: 'nf4-double' | 'none';
}

/** One optimizer step's figures; `loss` is the mean over the step's counted tokens. */
export type StepMetrics = CheckpointState['steps'][number];
