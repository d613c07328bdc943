export { startInferenceThread } from './inference-thread.js';
export { probeEnvironment, tryBackends, type BackendTrial } from './probe.js';
export { setupTensorflow } from './tensorflow/index.js';
export { startTrainingThread } from './training-thread.js';
