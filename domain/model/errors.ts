export type ModelErrorCode =
  | 'SAFETENSORS_INVALID'
  | 'TENSOR_MISSING'
  | 'TENSOR_SHAPE'
  | 'DTYPE_UNSUPPORTED'
  | 'CONFIG_INVALID'
  | 'ARCHITECTURE_UNSUPPORTED'
  | 'QUANTIZATION_INVALID'
  | 'WEIGHTS_NOT_FINITE'
  | 'ADAPTER_INVALID';

/** What is wrong with a model's files. Messages name tensors, keys and offsets, never values. */
export class ModelError extends Error {
  constructor(
    readonly code: ModelErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'ModelError';
  }
}
