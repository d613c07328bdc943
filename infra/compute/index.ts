export { BACKENDS, type BackendName } from './backend-names.js';
export { ComputeError, type ComputeErrorCode } from './errors.js';
export { ThreadFailure } from './host-thread.js';
export { startInferenceThread } from './inference-thread.js';
export { probeEnvironment } from './probe.js';
export { startTrainingThread } from './training-thread.js';
