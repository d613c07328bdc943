import type { EnvironmentRequest } from '../../domain/train/index.js';
import * as tf from '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { createRequire } from 'node:module';
import type { ComputeEnvironment } from '../../schemas/index.js';
import { BACKENDS, type BackendName } from './backend-names.js';
import { defaultThreads, startBackend } from './backend.js';
import { ComputeError } from './errors.js';
import { ONNXRUNTIME_VERSION } from './onnxruntime.js';

/** Widest first: what onnxruntime and TensorFlow choose their kernels by. */
const EXTENSIONS = ['avx512f', 'avx2', 'avx', 'asimd', 'neon'];

function instructionSet(): string {
  try {
    const flags = new Set(
      readFileSync('/proc/cpuinfo', 'utf8')
        .match(/^(?:flags|Features)\s*:.*$/m)?.[0]
        .split(/\s+/),
    );
    const found = EXTENSIONS.find((extension) => flags.has(extension));
    if (found !== undefined) return found;
  } catch {
    // Not Linux: the processor's name stands for its extensions.
  }
  return cpus()[0]?.model ?? process.arch;
}

function isInstalled(packageName: string): boolean {
  try {
    createRequire(import.meta.url).resolve(packageName);
    return true;
  } catch {
    return false;
  }
}

/** The backend that "auto" means here: a native TensorFlow where installed, else the default. */
function chooseBackend(): BackendName {
  const native = (['tfjs-node-gpu', 'tfjs-node'] as const).find((name) =>
    isInstalled(`@tensorflow/${name}`),
  );
  return native ?? 'wasm+onnxruntime';
}

function describe(backend: BackendName, threads: number): ComputeEnvironment {
  return {
    backend,
    threads: backend === 'wasm' || backend === 'cpu' ? 1 : threads,
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    instructionSet: instructionSet(),
    tensorflow: tf.version['tfjs'],
    onnxruntime: backend === 'wasm+onnxruntime' ? ONNXRUNTIME_VERSION : null,
  };
}

/** @throws ComputeError ENVIRONMENT_MISMATCH naming what differs */
function requireEqual(required: ComputeEnvironment, actual: ComputeEnvironment): void {
  const keys = Object.keys(required) as (keyof ComputeEnvironment)[];
  const differing = keys.filter((key) => required[key] !== actual[key]);
  if (differing.length === 0) return;
  const said = differing
    .map((key) => `${key} ${String(required[key])} here ${String(actual[key])}`)
    .join(', ');
  throw new ComputeError(
    'ENVIRONMENT_MISMATCH',
    `The run began in another numeric environment (${said}); resume it on such a machine or start it anew.`,
  );
}

/**
 * Starts the requested backend in this thread and says what was started.
 * @throws ComputeError BACKEND_UNAVAILABLE, ENVIRONMENT_MISMATCH
 */
export async function startEnvironment(request: EnvironmentRequest): Promise<ComputeEnvironment> {
  const { required } = request;
  const wanted =
    request.backend === 'auto' ? (required?.backend ?? chooseBackend()) : request.backend;
  if (!BACKENDS.includes(wanted)) {
    throw new ComputeError(
      'BACKEND_UNAVAILABLE',
      `Unknown backend; known: ${BACKENDS.join(', ')}.`,
    );
  }
  const environment = describe(wanted, request.threads ?? required?.threads ?? defaultThreads());
  if (required !== undefined) requireEqual(required, environment);
  await startBackend(wanted, environment.threads);
  return environment;
}
