import * as tf from '@tensorflow/tfjs';
import { availableParallelism } from 'node:os';
import type { BackendName } from './backend-names.js';
import { ComputeError } from './errors.js';
import { registerHostKernels, registerWasmKernels, replaceMatMul } from './kernels.js';
import { createProducts } from './onnxruntime.js';

type Starter = (threads: number) => Promise<void>;

async function useBackend(name: string): Promise<void> {
  // Without it TensorFlow.js prints an advertisement of its native binding.
  tf.enableProdMode();
  const ok = await tf.setBackend(name);
  await tf.ready();
  // TensorFlow.js may fall back without a word; a run on another backend than stated is an error.
  const active = tf.getBackend();
  if (!ok || active !== name) {
    throw new Error(`TensorFlow.js chose "${active}" instead of "${name}"`);
  }
}

async function importNative(packageName: string): Promise<void> {
  await import(packageName);
  await useBackend('tensorflow');
}

async function startWasm(): Promise<void> {
  await import('@tensorflow/tfjs-backend-wasm');
  await useBackend('wasm');
  registerWasmKernels();
}

const STARTERS: Readonly<Record<BackendName, Starter>> = {
  'tfjs-node-gpu': () => importNative('@tensorflow/tfjs-node-gpu'),
  'tfjs-node': () => importNative('@tensorflow/tfjs-node'),
  'wasm+onnxruntime': async (threads) => {
    const products = createProducts(threads);
    await startWasm();
    replaceMatMul('wasm', products);
  },
  wasm: startWasm,
  cpu: async () => {
    await useBackend('cpu');
    registerHostKernels('cpu');
  },
};

/** Threads a matrix product uses unless the request says otherwise. */
export function defaultThreads(): number {
  return Math.min(availableParallelism(), 16);
}

/**
 * Starts exactly the named backend in this thread; never another one.
 * @throws ComputeError BACKEND_UNAVAILABLE
 */
export async function startBackend(name: BackendName, threads: number): Promise<void> {
  try {
    await STARTERS[name](threads);
  } catch (cause) {
    if (cause instanceof ComputeError) throw cause;
    throw new ComputeError(
      'BACKEND_UNAVAILABLE',
      `Backend "${name}" cannot be started here; install it or ask for another ("auto" chooses).`,
      { cause },
    );
  }
}
