import type * as tf from '@tensorflow/tfjs';
import { ComputeError } from '../errors.js';

/** What is used of a WebGPU device. */
export interface Device {
  readonly lost: Promise<{ readonly reason: string }>;
  readonly limits: Readonly<Record<string, number>>;
  addEventListener(
    type: 'uncapturederror',
    listener: (event: {
      readonly error: { readonly constructor: { readonly name: string } };
    }) => void,
  ): void;
}

function failureOf(kind: string): ComputeError {
  if (kind === 'GPUOutOfMemoryError') {
    return new ComputeError(
      'OUT_OF_MEMORY',
      "The GPU's memory is full: lower /train/batchSize or /tokenize/maxLength of the policy (/train/accumulation makes up for it), train a smaller model, or take another backend.",
    );
  }
  return new ComputeError(
    'THREAD_FAILED',
    `The GPU refused a computation (${kind}); a tensor may be larger than the device takes in one buffer. Take another backend, or a smaller model or batch.`,
  );
}

/**
 * Lets no value be read once the device has failed. WebGPU tells failures beside the computation,
 * which goes on with zeros: without this, a full memory would end in an adapter of zeros.
 */
export function failClosed(backend: tf.KernelBackend, device: Device): void {
  let failure: ComputeError | undefined;
  device.addEventListener('uncapturederror', ({ error }) => {
    failure ??= failureOf(error.constructor.name);
  });
  void device.lost.then(({ reason }) => {
    failure ??= failureOf(`device lost: ${reason}`);
  });
  const read = backend.read.bind(backend);
  backend.read = async (dataId) => {
    const values = await read(dataId);
    if (failure !== undefined) throw failure;
    return values;
  };
}
