import { createRequire } from 'node:module';
import { ComputeError } from './errors.js';
import { fusedMatMulModel, gemmModel } from './onnx-model.js';
import { openThroughBinding } from './ort-binding.js';
import { openInPlace, type Bound, type RunInPlace } from './ort-library.js';

type Matrices = readonly [batch: number, rows: number, columns: number];

/** C = A B on row-major float32 batches; shapes are [batch, rows, columns] as stored. */
export type BatchMatMul = (
  a: Float32Array,
  aShape: Matrices,
  b: Float32Array,
  bShape: Matrices,
  transposeA: boolean,
  transposeB: boolean,
  out: Float32Array,
  outShape: Matrices,
) => void;

export interface MatrixProducts {
  readonly matMul: BatchMatMul;
  /** Y += A B, or A B^T: a [m, k], b [k, n] or [n, k], y [m, n]. */
  readonly addMatMul: (a: Bound, b: Bound, transposeB: boolean, y: Bound) => void;
}

/** The C interface's layout and the binding's file names are pinned to this version. */
export const ONNXRUNTIME_VERSION = '1.30.0';

/** False where koffi has no build for this platform: then results are the same, but copied. */
function hasForeignCalls(): boolean {
  try {
    createRequire(import.meta.url)('koffi');
    return true;
  } catch {
    return false;
  }
}

function openModels(threads: number) {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as {
    version: string;
  };
  if (version !== ONNXRUNTIME_VERSION) throw new Error(`found ${version}`);
  const open = hasForeignCalls() ? openInPlace : openThroughBinding;
  const openModel = (model: Uint8Array) => open(model, threads);
  const products = [0, 1, 2, 3].map((i) => openModel(fusedMatMulModel(i > 1, i % 2 === 1)));
  return { products, sums: [openModel(gemmModel(false)), openModel(gemmModel(true))] };
}

function openOrExplain(threads: number): ReturnType<typeof openModels> {
  try {
    return openModels(threads);
  } catch (cause) {
    throw new ComputeError(
      'BACKEND_UNAVAILABLE',
      `onnxruntime-node ${ONNXRUNTIME_VERSION} cannot be loaded on ${process.platform}-${process.arch}; ` +
        'in the folder of Custos run "npm ci", without a network "npm ci --onnxruntime-node-install=skip", ' +
        'or ask for the slower backend "wasm" (/train/backend).',
      { cause },
    );
  }
}

/**
 * onnxruntime's matrix products, called synchronously on buffers where they lie.
 * @param threads threads of one product
 * @throws ComputeError BACKEND_UNAVAILABLE
 */
export function createProducts(threads: number): MatrixProducts {
  const { products, sums } = openOrExplain(threads);
  const pick = (list: readonly RunInPlace[], i: number) => list[i] as RunInPlace;
  return {
    matMul: (a, aShape, b, bShape, transposeA, transposeB, out, outShape) => {
      const run = pick(products, (transposeA ? 2 : 0) + (transposeB ? 1 : 0));
      const inputs = [
        { data: a, shape: aShape },
        { data: b, shape: bShape },
      ];
      run(inputs, { data: out, shape: outShape });
    },
    addMatMul: (a, b, transposeB, y) => {
      pick(sums, transposeB ? 1 : 0)([a, b, y], y);
    },
  };
}
