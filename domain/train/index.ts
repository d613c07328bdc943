export { parametersOf, restoreCheckpoint, writeCheckpoint } from './checkpoint.js';
export { fillDropoutMask, type DropoutKey } from './dropout.js';
export { TrainError, type TrainErrorCode } from './errors.js';
export {
  clipGradients,
  createOptimizer,
  updateParameters,
  type OptimizerKind,
  type OptimizerState,
  type Parameter,
} from './optimizer.js';
export { DEFAULT_PASS_TOKENS, planTraining, type PlanRequest } from './plan.js';
export { learningRate, type Schedule } from './schedule.js';
export { checkSequences, countedTokens, type TokenSequence } from './sequence.js';
export type { EvaluationMetrics, StepMetrics, TrainSettings } from './settings.js';
export type {
  Checkpoint,
  EnvironmentRequest,
  Evaluation,
  GenerationRequest,
  InferenceRequest,
  InferenceThread,
  TrainingHandlers,
  TrainingProgress,
  TrainingRequest,
  TrainingResult,
  TrainingThread,
} from './ports.js';
