import * as tf from '@tensorflow/tfjs';
import { hasKernel, HOST_KERNELS, type HostKernel } from '../../domain/train/engine/index.js';
import { linearKernels } from './linear-kernels.js';
import type { MatrixProducts } from './onnxruntime.js';
import { simdKernels } from './simd/simd-kernels.js';
import type { WasmMemory } from './simd/web-assembly.js';

interface WasmBackend {
  readonly wasm: {
    readonly HEAPU8: Uint8Array;
    readonly asm: { readonly memory: WasmMemory };
  };
  incRef(id: object): void;
  readonly dataIdMap: { get(id: object): { readonly memoryOffset: number } };
  makeOutput(shape: readonly number[], dtype: 'float32'): tf.TensorInfo;
}

interface CpuBackend {
  readonly data: { get(id: object): { readonly values: Float32Array } };
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
      const buffers = Object.fromEntries(
        tensors.map(([name, tensor]) => [name, memory.view(tensor)]),
      );
      kernel.run(buffers, outputs.map(memory.view), { ...attributes, shapes });
      return outputs;
    },
  });
}

/** Registers the engine's fused kernels on a backend whose tensors lie in this process's memory. */
export function registerHostKernels(
  backendName: 'wasm' | 'cpu',
  kernels: readonly HostKernel[] = HOST_KERNELS,
): void {
  for (const kernel of kernels) {
    if (!hasKernel(kernel.name, backendName)) registerHostKernel(kernel, backendName);
  }
}

/**
 * Registers the vectorized kernels on the started wasm backend, and lets a tensor's clone share its
 * memory as on other backends: the gradient tape clones everything that it saves.
 */
export function registerWasmKernels(): void {
  registerHostKernels(
    'wasm',
    simdKernels((tf.backend() as unknown as WasmBackend).wasm.asm.memory),
  );
  tf.unregisterKernel('Identity', 'wasm');
  tf.registerKernel({
    kernelName: 'Identity',
    backendName: 'wasm',
    kernelFunc: ({ inputs, backend }) => {
      const { dataId, shape, dtype } = inputs['x'] as tf.TensorInfo;
      (backend as unknown as WasmBackend).incRef(dataId);
      return { dataId, shape, dtype };
    },
  });
}

const batched = (shape: readonly number[]): [number, number, number] => [
  size(shape.slice(0, -2)),
  shape.at(-2) ?? 1,
  shape.at(-1) ?? 1,
];

/** Replaces a backend's matrix product. Batches must be equal, or 1 on one side. */
export function replaceMatMul(
  backendName: 'wasm' | 'cpu',
  { matMul, addMatMul }: MatrixProducts,
): void {
  registerHostKernels(backendName, linearKernels({ matMul, addMatMul }));
  tf.unregisterKernel('BatchMatMul', backendName);
  tf.registerKernel({
    kernelName: 'BatchMatMul',
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const memory = memoryOf(backend, backendName);
      const { a, b } = inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
      const { transposeA, transposeB } = attrs as unknown as {
        transposeA: boolean;
        transposeB: boolean;
      };
      const [aShape, bShape] = [batched(a.shape), batched(b.shape)];
      const rows = transposeA ? aShape[2] : aShape[1];
      const columns = transposeB ? bShape[1] : bShape[2];
      const lead = aShape[0] >= bShape[0] ? a.shape.slice(0, -2) : b.shape.slice(0, -2);
      const out = memory.allocate([...lead, rows, columns]);
      const outShape: [number, number, number] = [size(lead), rows, columns];
      matMul(
        memory.view(a),
        aShape,
        memory.view(b),
        bShape,
        transposeA,
        transposeB,
        memory.view(out),
        outShape,
      );
      return out;
    },
  });
}
