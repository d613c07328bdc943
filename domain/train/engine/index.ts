export {
  exportLinearWeights,
  loadBaseModel,
  type BaseModel,
  type Quantization,
} from './base-model.js';
export { disposeAdapter, uploadAdapter, type AdapterTensors } from './decoder.js';
export { batchGradients, type BatchGradients, type PackedBatch } from './gradients.js';
export { HOST_KERNELS, type HostKernel } from './kernels/host-kernels.js';
