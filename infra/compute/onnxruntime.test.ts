import { describe, expect, it } from 'vitest';
import { lcgValues } from '../../test/fixtures/model/lcg.js';
import { fusedMatMulModel, gemmModel } from './onnx-model.js';
import { openThroughBinding } from './ort-binding.js';
import { openInPlace } from './ort-library.js';

const of = (seed: number, ...shape: number[]) => ({
  data: lcgValues(
    shape.reduce((product, n) => product * n, 1),
    seed,
  ),
  shape,
});

/** (A B)[i, j] of row-major matrices in float64, either side transposed. */
function product(
  a: ReturnType<typeof of>,
  b: ReturnType<typeof of>,
  transposeA: boolean,
  transposeB: boolean,
): number[] {
  const [rowsA = 0, columnsA = 0] = a.shape.slice(-2);
  const [rowsB = 0, columnsB = 0] = b.shape.slice(-2);
  const [m, k] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const n = transposeB ? rowsB : columnsB;
  return Array.from({ length: m * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let sum = 0;
    for (let t = 0; t < k; t++) {
      const x = a.data[transposeA ? t * columnsA + i : i * columnsA + t] ?? NaN;
      sum += x * (b.data[transposeB ? j * columnsB + t : t * columnsB + j] ?? NaN);
    }
    return sum;
  });
}

function expectClose(actual: Float32Array, expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs((actual[i] ?? NaN) - value)).toBeLessThan(1e-5);
  });
}

describe('onnxruntime called in place', () => {
  it.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])('multiplies (transposed: %s, %s), as its binding does bit for bit', (ta, tb) => {
    const a = of(1, ...(ta ? [5, 9] : [9, 5]));
    const b = of(2, ...(tb ? [7, 5] : [5, 7]));
    const out = { data: new Float32Array(63), shape: [9, 7] };
    const model = fusedMatMulModel(ta, tb);
    openInPlace(model, 1)([a, b], out);
    expectClose(out.data, product(a, b, ta, tb));
    const copied = { data: new Float32Array(63), shape: [9, 7] };
    openThroughBinding(model, 1)([a, b], copied);
    expect([...copied.data]).toEqual([...out.data]);
  });

  it.each([false, true])('adds a product where it lies (transposed: %s)', (transposeB) => {
    const [a, b] = [of(3, 6, 4), of(4, ...(transposeB ? [8, 4] : [4, 8]))];
    const before = of(5, 6, 8);
    const y = { data: before.data.slice(), shape: [6, 8] };
    openInPlace(gemmModel(false, transposeB), 2)([a, b, y], y);
    const sum = product(a, b, false, transposeB).map((x, i) => x + (before.data[i] ?? NaN));
    expectClose(y.data, sum);
    const copied = { data: before.data.slice(), shape: [6, 8] };
    openThroughBinding(gemmModel(false, transposeB), 1)([a, b, copied], copied);
    expect([...copied.data]).toEqual([...y.data]);
  });

  it('says what onnxruntime says when shapes do not fit', () => {
    const run = openInPlace(fusedMatMulModel(false, false), 1);
    const out = { data: new Float32Array(4), shape: [2, 2] };
    expect(() => {
      run([of(1, 2, 3), of(2, 2, 3)], out);
    }).toThrow(/dimension/i);
  });
});
