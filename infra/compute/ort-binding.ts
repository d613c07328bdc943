import { createRequire } from 'node:module';
import type { RunInPlace } from './ort-library.js';

type TensorClass = new (type: 'float32', data: Float32Array, dims: readonly number[]) => object;
interface OrtSession {
  loadModel(buffer: ArrayBufferLike, offset: number, length: number, options: object): void;
  run(feeds: object, fetches: object, options: object): object;
}
interface OrtBinding {
  readonly initOrt: () => void;
  readonly binding: { readonly InferenceSession: new () => OrtSession };
}

/**
 * The same as `openInPlace` through onnxruntime-node's internal binding, which is synchronous (the
 * public interface is not): equal results, but the binding also copies each into a new buffer.
 * @throws Error when the binding cannot be loaded
 */
export function openThroughBinding(model: Uint8Array, threads: number): RunInPlace {
  const require = createRequire(import.meta.url);
  const ort = require('onnxruntime-node/dist/binding.js') as OrtBinding;
  const { Tensor } = require('onnxruntime-common') as { Tensor: TensorClass };
  ort.initOrt();
  const session = new ort.binding.InferenceSession();
  session.loadModel(model.buffer, model.byteOffset, model.byteLength, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  return (inputs, { data, shape }) => {
    const feeds = inputs.map((input, i) => [
      'ABC'.charAt(i),
      new Tensor('float32', input.data, input.shape),
    ]);
    session.run(Object.fromEntries(feeds) as object, { Y: new Tensor('float32', data, shape) }, {});
  };
}
