export { trainingChart } from './chart.js';
export { restoreCheckpoint, writeCheckpoint } from './checkpoint.js';
export { TrainError } from './errors.js';
export { metricsCsv } from './metrics-csv.js';
export { requireMemory } from './memory-plan.js';
export { describeMemory } from './memory-words.js';
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
  TrainingStart,
  TrainingThread,
} from './ports.js';
