export { startInferenceThread } from './inference-thread.js';
export { probeEnvironment } from './probe.js';
export { startTrainingThread } from './training-thread.js';
