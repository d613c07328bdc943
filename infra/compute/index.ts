export { BACKENDS, type BackendName } from './backend-names.js';
export type { EnvironmentRequest } from './environment.js';
export { ComputeError, type ComputeErrorCode } from './errors.js';
export { ThreadFailure } from './host-thread.js';
export { startInferenceThread, type InferenceThread } from './inference-thread.js';
export type {
  Checkpoint,
  GenerationRequest,
  InferenceRequest,
  TrainingProgress,
  TrainingRequest,
  TrainingResult,
} from './messages.js';
export {
  startTrainingThread,
  type TrainingHandlers,
  type TrainingThread,
} from './training-thread.js';
export { probeEnvironment } from './probe.js';
