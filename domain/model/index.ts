export type { Activation } from './architectures.js';
export { isPacked, readPacked } from './bitsandbytes.js';
export { parseModelConfig, type ModelConfig } from './config.js';
export { DYNAMIC_SIGNED, DYNAMIC_UNSIGNED, nearestCode } from './dynamic-map.js';
export { ModelError } from './errors.js';
export {
  checkAdapterFits,
  countBaseParameters,
  countParameters,
  initializeAdapter,
  loraScale,
  type Adapter,
  type LoraPair,
  type LoraSettings,
} from './lora.js';
export { LORA_MODULES, modulePath, type LoraModule } from './modules.js';
export { dequantizeNf4, quantizeNf4, unnestScales, type Nf4Dtype, type Nf4Tensor } from './nf4.js';
export {
  adapterBase,
  adapterTensors,
  readAdapter,
  writeAdapter,
  type AdapterFiles,
} from './peft.js';
export { randomStream, type RandomStream } from './philox.js';
export { rotationTable } from './rope.js';
export {
  memorySource,
  openSafetensors,
  type RangeSource,
  type TensorSource,
} from './safetensors.js';
export { moduleShape, tensorShapes } from './tensors.js';
export { writeSafetensors, type TensorToWrite } from './safetensors-writer.js';
