export {
  exportLinearWeights,
  loadBaseModel,
  type BaseModel,
  type Quantization,
} from './base-model.js';
export { packSequences } from './batch.js';
export { disposeAdapter, uploadAdapter, type AdapterTensors } from './decoder.js';
export { generate, sampleToken, type GenerationSettings } from './generate.js';
export { batchGradients, type BatchGradients, type PackedBatch } from './gradients.js';
export { HOST_KERNELS, type HostKernel } from './kernels/host-kernels.js';
export { batchLogits, batchLosses, evaluate, scoreSequences } from './score.js';
export {
  createState,
  needsRecomputation,
  takeStep,
  type StepRequest,
  type TrainState,
} from './trainer.js';
export { hasKernel } from './primitives.js';
