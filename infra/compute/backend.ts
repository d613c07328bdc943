import * as tf from '@tensorflow/tfjs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import type { BackendName } from './backend-names.js';
import { ComputeError } from './errors.js';
import { registerHostKernels, registerWasmKernels, replaceMatMul, wasmMemory } from './kernels.js';
import { createExecutor, loadSharedWasm, soloTeam, startTeam } from './team/index.js';
import { findNative, type NativeName } from './tensorflow/index.js';
import { registerWebgpu } from './webgpu/index.js';

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

/**
 * What tfjs-node 4.22 calls of `util`: Node 23 took one out, and warns of the other. The object that
 * `require` gives is patched, since that is the one the package reads.
 */
function supplyUtil(require: NodeJS.Require): void {
  const util = require('node:util') as {
    isNullOrUndefined?: (value: unknown) => boolean;
    isArray?: (value: unknown) => boolean;
  };
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  util.isArray = (value) => Array.isArray(value);
}

async function startNative(name: NativeName): Promise<void> {
  const path = findNative(name);
  if (path === undefined) {
    throw new ComputeError(
      'BACKEND_UNAVAILABLE',
      `Backend "${name}" is not there: run "custos setup tensorflow${name === 'tfjs-node-gpu' ? ' --gpu' : ''}", or ask for another ("auto" chooses).`,
    );
  }
  // Before the package brings its own copy of TensorFlow.js, which shares this one's registries.
  tf.enableProdMode();
  const require = createRequire(path);
  supplyUtil(require);
  require(path);
  await useBackend('tensorflow');
}

async function startWasm(): Promise<void> {
  await loadSharedWasm();
  await useBackend('wasm');
}

const STARTERS: Readonly<Record<BackendName, Starter>> = {
  'tfjs-node-gpu': () => startNative('tfjs-node-gpu'),
  'tfjs-node': () => startNative('tfjs-node'),
  webgpu: async () => {
    await registerWebgpu();
    await useBackend('webgpu');
  },
  'wasm+onnxruntime': async (threads) => {
    await startWasm();
    const team = await startTeam(wasmMemory(), threads);
    registerWasmKernels(team);
    replaceMatMul(team);
  },
  wasm: async () => {
    await startWasm();
    registerWasmKernels(soloTeam(createExecutor(wasmMemory(), undefined)));
  },
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
