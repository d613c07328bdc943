import type { EnvironmentRequest } from '../../domain/train/index.js';
import * as tf from '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { ComputeEnvironment } from '../../schemas/index.js';
import { BACKENDS, type BackendName } from './backend-names.js';
import { defaultThreads, startBackend } from './backend.js';
import { ComputeError } from './errors.js';
import { ONNXRUNTIME_VERSION } from './onnxruntime.js';
import { describeDevice } from './webgpu/index.js';

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

/** TensorFlow.js's version, and the C library's where a native backend runs. */
function tensorflowVersion(): string {
  const { binding } = tf.backend() as { readonly binding?: { readonly TF_Version: string } };
  const own = tf.version['tfjs'];
  return binding === undefined ? own : `${own} on C library ${binding.TF_Version}`;
}

/** Backends whose matrix products take no number of threads. */
const ONE_THREAD: readonly BackendName[] = ['webgpu', 'wasm', 'cpu'];

/** Of the started backend. */
function describe(backend: BackendName, threads: number): ComputeEnvironment {
  return {
    backend,
    threads: ONE_THREAD.includes(backend) ? 1 : threads,
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    instructionSet: instructionSet(),
    tensorflow: tensorflowVersion(),
    onnxruntime: backend === 'wasm+onnxruntime' ? ONNXRUNTIME_VERSION : null,
    ...(backend === 'webgpu' ? describeDevice() : {}),
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

/** What "auto" means inside a thread: it can start only one, and this one needs no setup. */
const DEFAULT: BackendName = 'wasm+onnxruntime';

/**
 * Starts the requested backend in this thread and says what was started. "auto" is the backend that
 * the run drew, else the default; `probeEnvironment` chooses by measurement.
 * @throws ComputeError BACKEND_UNAVAILABLE, ENVIRONMENT_MISMATCH
 */
export async function startEnvironment(request: EnvironmentRequest): Promise<ComputeEnvironment> {
  const { required } = request;
  const wanted = request.backend === 'auto' ? (required?.backend ?? DEFAULT) : request.backend;
  if (!BACKENDS.includes(wanted)) {
    throw new ComputeError(
      'BACKEND_UNAVAILABLE',
      `Unknown backend; known: ${BACKENDS.join(', ')}.`,
    );
  }
  const threads = request.threads ?? required?.threads ?? defaultThreads();
  await startBackend(wanted, threads);
  const environment = describe(wanted, threads);
  if (required !== undefined) requireEqual(required, environment);
  return environment;
}
