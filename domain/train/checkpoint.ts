import {
  adapterTensors,
  memorySource,
  ModelError,
  openSafetensors,
  writeSafetensors,
  type Adapter,
  type TensorSource,
  type TensorToWrite,
} from '../model/index.js';
import { TrainError } from './errors.js';
import type { Moments, OptimizerState, Parameter } from './optimizer.js';

/**
 * An adapter's tensors as parameters, under PEFT's names, in a fixed order.
 * @param loraPlusRatio learning rate of everything but the A factors over theirs (Hayou et al. 2024,
 *   arXiv 2402.12354; groups as in peft 0.21 create_loraplus_optimizer)
 */
export function parametersOf(adapter: Adapter, loraPlusRatio = 1): readonly Parameter[] {
  return adapterTensors(adapter).map(({ name, data }) => ({
    name,
    data: data as Float32Array,
    rateRatio: name.endsWith('.lora_A.weight') ? 1 : loraPlusRatio,
  }));
}

function fieldsOf(moments: Moments): Readonly<Record<string, Float32Array | Uint8Array>> {
  const { kind: _, ...fields } = moments;
  return fields;
}

/** Adapter and optimizer state as one safetensors blob; equal states give equal bytes. */
export function writeCheckpoint(adapter: Adapter, optimizer: OptimizerState): Uint8Array {
  const moments = [...optimizer].flatMap(([name, state]): TensorToWrite[] =>
    Object.entries(fieldsOf(state)).map(([field, data]) => ({
      name: `optimizer.${field}.${name}`,
      shape: [data.length],
      data,
    })),
  );
  return writeSafetensors([...adapterTensors(adapter), ...moments], {
    format: 'custos.checkpoint.v1',
  });
}

/**
 * Restores a checkpoint into an adapter and optimizer of the same shape, in place.
 * @throws TrainError CHECKPOINT_INVALID
 */
export async function restoreCheckpoint(
  bytes: Uint8Array,
  adapter: Adapter,
  optimizer: OptimizerState,
): Promise<void> {
  try {
    const source = await openSafetensors(memorySource('checkpoint', bytes));
    for (const { name, data } of parametersOf(adapter)) await copyTensor(source, name, data);
    for (const [name, state] of optimizer) {
      for (const [field, data] of Object.entries(fieldsOf(state))) {
        await copyTensor(source, `optimizer.${field}.${name}`, data);
      }
    }
  } catch (cause) {
    if (!(cause instanceof ModelError)) throw cause;
    throw new TrainError(
      'CHECKPOINT_INVALID',
      'The checkpoint does not belong to this run; start without it.',
      { cause },
    );
  }
}

async function copyTensor(
  source: TensorSource,
  name: string,
  into: Float32Array | Uint8Array,
): Promise<void> {
  const bytes = await source.readBytes(name);
  if (bytes.length !== into.byteLength) {
    throw new ModelError('TENSOR_SHAPE', `Tensor "${name}" has another size than this run's.`);
  }
  new Uint8Array(into.buffer, into.byteOffset, into.byteLength).set(bytes);
}
