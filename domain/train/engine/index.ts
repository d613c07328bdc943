export { exportLinearWeights, type BaseModel } from './base-model.js';
export { packSequences } from './batch.js';
export { disposeAdapter, uploadAdapter } from './lora.js';
export { generate, type GenerationHost } from './generate.js';
export { batchGradients } from './gradients.js';
export { loadBaseModel } from './load-base-model.js';
export { HOST_KERNELS, type HostKernel } from './kernels/host-kernels.js';
export { batchLogits, batchLosses, evaluate, scoreSequences } from './score.js';
export {
  createState,
  needsRecomputation,
  startMagnitudes,
  takeStep,
  type TrainState,
} from './trainer.js';
export { DEQUANTIZE_KERNEL, placeWeight, unpackWeight } from './packed-weight.js';
export { hasKernel, readValues, type AttentionAttributes } from './primitives.js';
