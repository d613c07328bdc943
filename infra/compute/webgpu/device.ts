import * as tf from '@tensorflow/tfjs';
import { createRequire } from 'node:module';
import type { ComputeEnvironment } from '../../../schemas/index.js';
import { ComputeError } from '../errors.js';
import { registerDequantization } from './dequantize.js';
import { failClosed, type Device } from './watch-device.js';

/** What is used of WebGPU's interface; its types are no dependency, since the package is optional. */
interface GpuAdapter {
  readonly info: {
    readonly vendor: string;
    readonly architecture: string;
    readonly device: string;
    readonly description: string;
    readonly isFallbackAdapter: boolean;
  };
  readonly limits: Readonly<Record<string, number>>;
  requestDevice(descriptor: {
    readonly requiredLimits: Readonly<Record<string, number | undefined>>;
  }): Promise<Device>;
}

interface Gpu {
  requestAdapter(options: { readonly powerPreference: string }): Promise<GpuAdapter | null>;
}

interface Dawn {
  readonly create: (options: readonly string[]) => Gpu;
  readonly globals: object;
}

interface BackendPackage {
  readonly WebGPUBackend: new (device: Device, info: GpuAdapter['info']) => tf.KernelBackend;
}

/** What the engine needs raised above WebGPU's defaults: large matrices in one buffer. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
];

/** `MatMulProgramType.MatMulPackedProgram` of TensorFlow.js's WebGPU backend. */
const PACKED_PROGRAM = 3;

/** A processor that imitates a GPU, by what Dawn, SwiftShader, Mesa and Windows call it. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b|\bcpu\b/i;

let described: Pick<ComputeEnvironment, 'gpu' | 'softwareGpu'> | undefined;
/** Dawn runs as long as it is referred to. */
let dawn: Gpu | undefined;

async function loadPackage<T>(name: string): Promise<T> {
  try {
    return (await import(name)) as T;
  } catch (cause) {
    throw new ComputeError(
      'BACKEND_UNAVAILABLE',
      `Backend "webgpu" cannot load the package "${name}": run "npm install webgpu @tensorflow/tfjs-backend-webgpu" in the folder of Custos, or ask for another backend ("auto" chooses).`,
      { cause },
    );
  }
}

async function requestAdapter(gpu: Gpu): Promise<GpuAdapter> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter !== null) return adapter;
  throw new ComputeError(
    'BACKEND_UNAVAILABLE',
    'Backend "webgpu" found no device: install the GPU\'s driver (on Linux with Vulkan 1.1 or later, and its loader, package libvulkan1), or ask for another backend ("auto" chooses).',
  );
}

function versionOf(packageName: string): string {
  const { version } = createRequire(import.meta.url)(`${packageName}/package.json`) as {
    readonly version: string;
  };
  return `${packageName} ${version}`;
}

/** Runs `make` while `navigator.gpu` is there, as TensorFlow.js's backend asks before it starts. */
function withNavigator<T>(gpu: Gpu, make: () => T): T {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
  try {
    return make();
  } finally {
    if (before === undefined) Reflect.deleteProperty(globalThis, 'navigator');
    else Object.defineProperty(globalThis, 'navigator', before);
  }
}

/** Always the same kernels for the same shapes, none of which adds in an order that a device draws. */
function fixKernels(): void {
  tf.env().set('WEBGPU_MATMUL_PROGRAM_TYPE', PACKED_PROGRAM);
  tf.env().set('WEBGPU_CPU_FORWARD', false);
}

/**
 * Registers TensorFlow.js's WebGPU backend on the first device that Dawn finds here, and the
 * engine's own kernels with it.
 * @throws ComputeError BACKEND_UNAVAILABLE naming what is missing
 */
export async function registerWebgpu(): Promise<void> {
  if (dawn !== undefined) return;
  const { create, globals } = await loadPackage<Dawn>('webgpu');
  const { WebGPUBackend } = await loadPackage<BackendPackage>('@tensorflow/tfjs-backend-webgpu');
  const gpu = create([]);
  const adapter = await requestAdapter(gpu);
  const { info, limits } = adapter;
  const requiredLimits = Object.fromEntries(LIMITS.map((name) => [name, limits[name]]));
  const device = await adapter.requestDevice({ requiredLimits });
  Object.assign(globalThis, globals);
  fixKernels();
  tf.registerBackend('webgpu', () => {
    const backend = withNavigator(gpu, () => new WebGPUBackend(device, info));
    failClosed(backend, device);
    return backend;
  });
  registerDequantization();
  dawn = gpu;
  const name = [info.vendor, info.architecture, info.device, info.description];
  described = {
    gpu: [
      name.filter((part) => part !== '').join(' '),
      versionOf('webgpu'),
      versionOf('@tensorflow/tfjs-backend-webgpu'),
    ].join(', '),
    softwareGpu: info.isFallbackAdapter || SOFTWARE.test(name.join(' ')),
  };
}

/** The device that `registerWebgpu` found. */
export function describeDevice(): Pick<ComputeEnvironment, 'gpu' | 'softwareGpu'> {
  return described ?? {};
}
