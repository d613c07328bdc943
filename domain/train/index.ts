export { trainingChart } from './chart.js';
export { restoreCheckpoint, writeCheckpoint } from './checkpoint.js';
export { TrainError } from './errors.js';
export { metricsCsv } from './metrics-csv.js';
export { requireMemory, type MemoryPlan } from './memory-plan.js';
export { planTraining } from './plan.js';
export { checkSequences, requireCountedTokens, type TokenSequence } from './sequence.js';
export {
  openCheckpointDocument,
  requireUnfinished,
  signCheckpointDocument,
} from './signed-checkpoint.js';
export type { TrainSettings } from './settings.js';
export type {
  Checkpoint,
  EnvironmentRequest,
  Evaluation,
  GenerationRequest,
  InferenceRequest,
  InferenceThread,
  OnToken,
  TrainingHandlers,
  TrainingProgress,
  TrainingRequest,
  TrainingResult,
  TrainingThread,
} from './ports.js';
