import { beforeAll, describe, expect, it } from 'vitest';
import {
  dequantizeNf4,
  quantizeNf4,
  type Nf4Dtype,
  type Nf4Tensor,
} from '../../../domain/model/index.js';
import { placeWeight, readValues, unpackWeight } from '../../../domain/train/engine/index.js';
import { lcgValues } from '../../../test/fixtures/model/lcg.js';
import { startBackend } from '../backend.js';

const DTYPES: readonly Nf4Dtype[] = ['float32', 'bfloat16', 'float16'];

/** By the kernel, and by the reference; the latter holds the published vectors. */
async function dequantized(tensor: Nf4Tensor) {
  const [rows = 0, columns = 0] = tensor.shape;
  const reference = new Float32Array(rows * columns);
  dequantizeNf4(tensor, reference);
  const placed = placeWeight(tensor);
  expect('words' in placed).toBe(true);
  const own = await readValues(unpackWeight(placed, [rows, columns]));
  return { own: new Uint32Array(own.buffer), reference: new Uint32Array(reference.buffer) };
}

describe('the kernel that dequantizes NF4', () => {
  beforeAll(() => startBackend('wasm+onnxruntime', 2));

  it.each([
    [1, 1],
    [3, 7],
    [65, 33],
    [128, 256],
    [512, 1031],
  ])("gives the reference's bits for a matrix of %i x %i in every dtype", async (rows, columns) => {
    const tensor = quantizeNf4(lcgValues(rows * columns, 5), [rows, columns]);
    for (const dtype of DTYPES) {
      const { own, reference } = await dequantized({ ...tensor, dtype });
      expect(Buffer.from(own.buffer).equals(Buffer.from(reference.buffer)), dtype).toBe(true);
    }
  });

  it.each(DTYPES.flatMap((dtype) => [64, 24].map((blockSize) => [dtype, blockSize] as const)))(
    'gives its bits at the ends of float16, in %s and blocks of %i',
    async (dtype, blockSize) => {
      const scales = Float32Array.of(65519, 65520, 1e6, 6.1e-5, 6e-5, 3e-7, 6e-8, 2.98e-8, 1e-9, 0);
      const packed = Uint8Array.from({ length: (blockSize / 2) * scales.length }, (_, i) => 37 * i);
      const { code } = quantizeNf4(Float32Array.of(1), [1]);
      const shape = [scales.length, blockSize];
      const tensor = { shape, packed, blockSize, code, scales, dtype };
      const { own, reference } = await dequantized(tensor);
      expect(own).toEqual(reference);
    },
  );
});
