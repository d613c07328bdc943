import type { HostKernel } from '../../domain/train/engine/index.js';
import type { MatrixProducts } from './onnxruntime.js';

type Pair = readonly [rows: number, columns: number];
type Shapes = Parameters<HostKernel['outputShapes']>[0];
interface Matrix {
  readonly data: Float32Array;
  readonly shape: Pair;
}

const EMPTY = new Float32Array(0);
const pairOf = (shapes: Shapes, name: string): Pair => [
  shapes[name]?.[0] ?? 0,
  shapes[name]?.[1] ?? 0,
];
const of = (data: Float32Array | undefined, rows: number, columns: number): Matrix => ({
  data: data ?? EMPTY,
  shape: [rows, columns],
});

function scaleInPlace(x: Float32Array, factor: number): void {
  for (let i = 0; i < x.length; i++) x[i] = (x[i] ?? 0) * factor;
}

/**
 * The engine's LoRA linear operation on matrix products that can add in place: the low-rank part is
 * added where the frozen part was written, and no intermediate of the full width is made.
 */
export function linearKernels({ matMul, addMatMul }: MatrixProducts): readonly HostKernel[] {
  const multiply = (
    a: Matrix,
    b: Matrix,
    out: Matrix,
    transposeA: boolean,
    transposeB: boolean,
  ) => {
    const batch = ([rows, columns]: Pair) => [1, rows, columns] as const;
    const [as, bs, os] = [batch(a.shape), batch(b.shape), batch(out.shape)];
    matMul(a.data, as, b.data, bs, transposeA, transposeB, out.data, os);
  };
  const forward: HostKernel = {
    name: 'CustosLoraLinear',
    outputShapes: (shapes) => {
      const [rows] = pairOf(shapes, 'x');
      return [
        [rows, pairOf(shapes, 'w')[0]],
        [rows, pairOf(shapes, 'a')[0]],
      ];
    },
    run: ({ x, d, w, a, b }, [y, low], { scale, shapes }) => {
      const [rows, [outs, ins], [rank]] = sizes(shapes as Shapes, 'x');
      const [output, small] = [of(y, rows, outs), of(low, rows, rank)];
      multiply(of(x, rows, ins), of(w, outs, ins), output, false, true);
      multiply(of(d, rows, ins), of(a, rank, ins), small, false, true);
      scaleInPlace(small.data, scale as number);
      addMatMul(small, of(b, outs, rank), true, output);
    },
  };
  const backward: HostKernel = {
    name: 'CustosLoraLinearGrad',
    outputShapes: (shapes, { same }) => {
      const d = pairOf(shapes, 'd');
      const inputs = same === true ? [d] : [d, d];
      return [...inputs, pairOf(shapes, 'a'), pairOf(shapes, 'b')];
    },
    run: ({ dy, d, low, w, a, b }, outputs, { scale, same, shapes }) => {
      const [rows, [outs, ins], [rank]] = sizes(shapes as Shapes, 'd');
      const slope = of(dy, rows, outs);
      const [da, db] = outputs.slice(-2);
      const dLow = of(new Float32Array(rows * rank), rows, rank);
      const pairA = of(a, rank, ins);
      multiply(slope, of(w, outs, ins), of(outputs[0], rows, ins), false, false);
      multiply(slope, of(b, outs, rank), dLow, false, false);
      scaleInPlace(dLow.data, scale as number);
      if (same === true) addMatMul(dLow, pairA, false, of(outputs[0], rows, ins));
      else multiply(dLow, pairA, of(outputs[1], rows, ins), false, false);
      multiply(dLow, of(d, rows, ins), of(da, rank, ins), true, false);
      multiply(slope, of(low, rows, rank), of(db, outs, rank), true, false);
    },
  };
  return [forward, backward];
}

/** [T, [out, in], [r, in]] of the operation whose rows are named. */
function sizes(shapes: Shapes, rows: string): [number, Pair, Pair] {
  return [pairOf(shapes, rows)[0], pairOf(shapes, 'w'), pairOf(shapes, 'a')];
}
