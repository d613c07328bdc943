import { createRequire } from 'node:module';
import { ComputeError } from './errors.js';
import { fusedMatMulModel } from './onnx-model.js';

/** C = A B on row-major float32 batches; shapes are [batch, rows, columns] as stored. */
export type BatchMatMul = (
  a: Float32Array,
  aShape: readonly [number, number, number],
  b: Float32Array,
  bShape: readonly [number, number, number],
  transposeA: boolean,
  transposeB: boolean,
  out: Float32Array,
  outShape: readonly [number, number, number],
) => void;

interface OrtTensor {
  readonly data: Float32Array;
}
type TensorClass = new (type: 'float32', data: Float32Array, dims: readonly number[]) => OrtTensor;
interface OrtSession {
  loadModel(buffer: ArrayBufferLike, offset: number, length: number, options: object): void;
  run(feeds: object, fetches: object, options: object): { readonly Y: OrtTensor };
}
interface OrtBinding {
  readonly initOrt: () => void;
  readonly binding: { readonly InferenceSession: new () => OrtSession };
}

/** The internal binding is synchronous, which the public API is not; it is pinned to this version. */
export const ONNXRUNTIME_VERSION = '1.30.0';

function loadBinding(): { ort: OrtBinding; Tensor: TensorClass } {
  const require = createRequire(import.meta.url);
  try {
    const { version } = require('onnxruntime-node/package.json') as { version: string };
    if (version !== ONNXRUNTIME_VERSION) throw new Error(`found ${version}`);
    const ort = require('onnxruntime-node/dist/binding.js') as OrtBinding;
    const { Tensor } = require('onnxruntime-common') as { Tensor: TensorClass };
    return { ort, Tensor };
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
 * onnxruntime's matrix product, called synchronously on buffers where they lie.
 * @param threads threads of one product; spinning is off, so that a busy neighbour costs little
 * @throws ComputeError BACKEND_UNAVAILABLE
 */
export function createMatMul(threads: number): BatchMatMul {
  const { ort, Tensor } = loadBinding();
  ort.initOrt();
  const open = (transposeA: boolean, transposeB: boolean) => {
    const session = new ort.binding.InferenceSession();
    const model = fusedMatMulModel(transposeA, transposeB);
    session.loadModel(model.buffer, model.byteOffset, model.byteLength, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
    return session;
  };
  const sessions = [open(false, false), open(false, true), open(true, false), open(true, true)];
  return (a, aShape, b, bShape, transposeA, transposeB, out, outShape) => {
    const session = sessions[(transposeA ? 2 : 0) + (transposeB ? 1 : 0)] as OrtSession;
    const fetched = new Tensor('float32', out, outShape);
    const feeds = { A: new Tensor('float32', a, aShape), B: new Tensor('float32', b, bShape) };
    const { Y } = session.run(feeds, { Y: fetched }, {});
    if (Y.data.buffer !== out.buffer) out.set(Y.data);
  };
}
