/** What a kernel gets besides tensors: small values, and label or row lists as typed arrays. */
export type KernelAttributes = Readonly<Record<string, unknown>>;

export type Shapes = Readonly<Record<string, readonly number[]>>;
export type Buffers = Readonly<Record<string, Float32Array>>;

/**
 * A fused operation on float32 buffers in the host's memory. Backends whose tensors live there
 * (wasm, cpu) register it; elsewhere the operation falls back to TensorFlow.js operations.
 */
export interface HostKernel {
  readonly name: string;
  readonly outputShapes: (
    inputs: Shapes,
    attributes: KernelAttributes,
  ) => readonly (readonly number[])[];
  /** How many float32 it needs while it runs; that buffer follows the outputs. */
  readonly scratch?: (inputs: Shapes, attributes: KernelAttributes) => number;
  /** `outputs` are not cleared: a kernel writes every element. */
  readonly run: (
    inputs: Buffers,
    outputs: readonly Float32Array[],
    attributes: KernelAttributes,
  ) => void;
}

const EMPTY = new Float32Array(0);

/** The named buffer; an absent one is empty, so that a wrong name shows as zeros in the first test. */
export function buffer(buffers: Buffers, name: string): Float32Array {
  return buffers[name] ?? EMPTY;
}

export function shapeOf(shapes: Shapes, name: string): readonly number[] {
  return shapes[name] ?? [];
}
