import * as tf from '@tensorflow/tfjs';
import { hasKernel, HOST_KERNELS, type HostKernel } from '../../domain/train/engine/index.js';
import { attentionKernels } from './attention-kernels.js';
import { linearKernels } from './linear-kernels.js';
import { simdKernels } from './simd/simd-kernels.js';
import type { WasmMemory } from './simd/web-assembly.js';
import {
  call,
  product,
  rowsOf,
  rowSlices,
  slicesOf,
  type Matrix,
  type Task,
} from './team/calls.js';
import type { Team } from './team/team.js';

interface WasmBackend {
  readonly wasm: {
    readonly HEAPU8: Uint8Array;
    readonly asm: { readonly memory: WasmMemory };
  };
  incRef(id: object): void;
  readonly dataIdMap: { get(id: object): { readonly memoryOffset: number } };
  disposeData(id: object): boolean;
  makeOutput(shape: readonly number[], dtype: 'float32'): tf.TensorInfo;
}

interface CpuBackend {
  readonly data: { get(id: object): { readonly values: Float32Array } };
  disposeData(id: object): boolean;
  makeTensorInfo(shape: readonly number[], dtype: 'float32', values: Float32Array): tf.TensorInfo;
}

/** How a backend gives out its tensors' memory. Views are taken after every allocation, since wasm memory moves when it grows. */
interface Memory {
  readonly allocate: (shape: readonly number[]) => tf.TensorInfo;
  readonly view: (tensor: tf.TensorInfo) => Float32Array;
}

const size = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);

function memoryOf(backend: unknown, name: string): Memory {
  if (name === 'wasm') {
    const wasm = backend as WasmBackend;
    return {
      allocate: (shape) => wasm.makeOutput(shape, 'float32'),
      view: ({ dataId, shape }) =>
        new Float32Array(
          wasm.wasm.HEAPU8.buffer,
          wasm.dataIdMap.get(dataId).memoryOffset,
          size(shape),
        ),
    };
  }
  const cpu = backend as CpuBackend;
  return {
    allocate: (shape) => cpu.makeTensorInfo(shape, 'float32', new Float32Array(size(shape))),
    view: ({ dataId }) => cpu.data.get(dataId).values,
  };
}

function registerHostKernel(kernel: HostKernel, backendName: string): void {
  tf.registerKernel({
    kernelName: kernel.name,
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const memory = memoryOf(backend, backendName);
      const tensors = Object.entries(inputs) as [string, tf.TensorInfo][];
      const shapes = Object.fromEntries(tensors.map(([name, { shape }]) => [name, shape]));
      const attributes = (attrs ?? {}) as Readonly<Record<string, unknown>>;
      const outputs = kernel.outputShapes(shapes, attributes).map(memory.allocate);
      const scratch = kernel.scratch?.(shapes, attributes) ?? 0;
      const extra = scratch === 0 ? [] : [memory.allocate([scratch])];
      const buffers = Object.fromEntries(
        tensors.map(([name, tensor]) => [name, memory.view(tensor)]),
      );
      kernel.run(buffers, [...outputs, ...extra].map(memory.view), { ...attributes, shapes });
      for (const { dataId } of extra) (backend as WasmBackend | CpuBackend).disposeData(dataId);
      return outputs;
    },
  });
}

/**
 * Registers the engine's fused kernels on a backend whose tensors lie in this process's memory, in
 * place of those of an earlier start.
 */
export function registerHostKernels(
  backendName: 'wasm' | 'cpu',
  kernels: readonly HostKernel[] = HOST_KERNELS,
): void {
  for (const kernel of kernels) {
    if (hasKernel(kernel.name, backendName)) tf.unregisterKernel(kernel.name, backendName);
    registerHostKernel(kernel, backendName);
  }
}

/** The started wasm backend's memory. */
export function wasmMemory(): WasmMemory {
  return (tf.backend() as unknown as WasmBackend).wasm.asm.memory;
}

function replaceKernel(kernelName: string, kernelFunc: tf.KernelFunc): void {
  tf.unregisterKernel(kernelName, 'wasm');
  tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc });
}

/** TensorFlow.js's own kernels, kept across starts: what replaces them falls back to them. */
const plain = new Map<string, tf.KernelFunc>();

/** Elements that are worth another thread. */
const FEWEST_ELEMENTS = 1 << 13;

/** An elementwise operation of equal shapes, as most of the engine's are, on all threads. */
function replaceElementwise(team: Team, kernelName: string, operation: 'add' | 'multiply'): void {
  const fallback = plain.get(kernelName) ?? tf.getKernel(kernelName, 'wasm').kernelFunc;
  plain.set(kernelName, fallback);
  replaceKernel(kernelName, (given) => {
    const { a, b } = given.inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
    const same = a.shape.length === b.shape.length && a.shape.every((n, i) => n === b.shape[i]);
    if (!same || a.dtype !== 'float32' || b.dtype !== 'float32') return fallback(given);
    const memory = memoryOf(given.backend, 'wasm');
    const y = memory.allocate(a.shape);
    const [pa, pb, py] = [a, b, y].map((tensor) => memory.view(tensor).byteOffset);
    const count = size(a.shape);
    const pieces = Math.max(1, Math.min(team.threads, Math.floor(count / FEWEST_ELEMENTS)));
    const tasks = slicesOf(count, pieces, 4).map((slice): Task => {
      const moved = [pa, pb, py].map((pointer = 0) => pointer + 4 * slice.begin);
      return [call(operation, ...moved, slice.size)];
    });
    team.run(tasks);
    return y;
  });
}

/**
 * Registers the vectorized kernels on the started wasm backend, and lets a tensor's clone share its
 * memory as on other backends: the gradient tape clones everything that it saves.
 */
export function registerWasmKernels(team: Team): void {
  registerHostKernels('wasm', simdKernels(team));
  replaceElementwise(team, 'Add', 'add');
  replaceElementwise(team, 'Multiply', 'multiply');
  replaceKernel('Identity', ({ inputs, backend }) => {
    const { dataId, shape, dtype } = inputs['x'] as tf.TensorInfo;
    (backend as unknown as WasmBackend).incRef(dataId);
    return { dataId, shape, dtype };
  });
}

/** A tensor as a batch of matrices. */
interface Batch extends Matrix {
  readonly count: number;
}

function batchOf(shape: readonly number[], at: number): Batch {
  return {
    count: size(shape.slice(0, -2)),
    rows: shape.at(-2) ?? 1,
    columns: shape.at(-1) ?? 1,
    at,
  };
}

/** Matrix `i` of a batch; a batch of one stands for as many as are asked for. */
function matrixOf({ count, rows, columns, at }: Batch, i: number): Matrix {
  return { at: count === 1 ? at : at + 4 * i * rows * columns, rows, columns };
}

interface Transposed {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Multiplications that are worth another thread; those of one generated token are fewer. */
const FEWEST_PRODUCTS = 1 << 21;

/** A task for each matrix of the batch, and for slices of its rows where they lie together. */
function productTasks(
  a: Batch,
  b: Batch,
  y: Batch,
  transposed: Transposed,
  threads: number,
): Task[] {
  return Array.from({ length: y.count }, (_, i) => {
    const [ai, bi, yi] = [matrixOf(a, i), matrixOf(b, i), matrixOf(y, i)];
    if (transposed.transposeA) return [[product(ai, bi, yi, transposed)]];
    return rowSlices(y.rows, threads, y.columns).map(({ begin, size: rows }): Task => [
      product(rowsOf(ai, begin, rows), bi, rowsOf(yi, begin, rows), transposed),
    ]);
  }).flat();
}

/** Replaces wasm's matrix product. Batches must be equal, or 1 on one side. */
export function replaceMatMul(team: Team): void {
  registerHostKernels('wasm', [...linearKernels(team), ...attentionKernels(team)]);
  replaceKernel('BatchMatMul', ({ inputs, backend, attrs }) => {
    const memory = memoryOf(backend, 'wasm');
    const { a, b } = inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
    const transposed = attrs as unknown as Transposed;
    const rows = a.shape.at(transposed.transposeA ? -1 : -2) ?? 1;
    const columns = b.shape.at(transposed.transposeB ? -2 : -1) ?? 1;
    const leads = [a.shape.slice(0, -2), b.shape.slice(0, -2)] as const;
    const lead = size(leads[0]) >= size(leads[1]) ? leads[0] : leads[1];
    const out = memory.allocate([...lead, rows, columns]);
    const [as, bs, ys] = [a, b, out].map((tensor) =>
      batchOf(tensor.shape, memory.view(tensor).byteOffset),
    ) as [Batch, Batch, Batch];
    const tasks = productTasks(as, bs, ys, transposed, team.threads);
    const products = size(out.shape) * (transposed.transposeA ? as.rows : as.columns);
    team.run(products < FEWEST_PRODUCTS ? [tasks.flat()] : tasks);
    return out;
  });
}
