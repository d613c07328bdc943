import type { HostKernel } from '../../domain/train/engine/index.js';
import {
  call,
  product,
  rowSlices,
  rowsOf,
  rowUnits,
  type Call,
  type Matrix,
  type Slice,
} from './team/calls.js';
import type { Team } from './team/team.js';

type Pair = readonly [rows: number, columns: number];
type Shapes = Parameters<HostKernel['outputShapes']>[0];

const pairOf = (shapes: Shapes, name: string): Pair => [
  shapes[name]?.[0] ?? 0,
  shapes[name]?.[1] ?? 0,
];
const of = (data: Float32Array | undefined, [rows, columns]: Pair): Matrix => ({
  at: data?.byteOffset ?? 0,
  rows,
  columns,
});
const scaled = ({ at, rows, columns }: Matrix, factor: number): Call =>
  call('scaleBy', at, rows * columns, factor);
const sizeOf = ([rows, columns]: Pair): number => rows * columns;

/** y = x W^T + low B^T with low = scale * (d A^T): rows of the last stay cached for what is added. */
function forwardKernel(team: Team): HostKernel {
  return {
    name: 'CustosLoraLinear',
    outputShapes: (shapes) => {
      const [rows] = pairOf(shapes, 'x');
      return [
        [rows, pairOf(shapes, 'w')[0]],
        [rows, pairOf(shapes, 'a')[0]],
      ];
    },
    run: (inputs, [y, low], { scale, shapes }) => {
      const matrix = (name: string) => of(inputs[name], pairOf(shapes as Shapes, name));
      const [x, d, w, a, b] = [matrix('x'), matrix('d'), matrix('w'), matrix('a'), matrix('b')];
      const output = of(y, [x.rows, w.rows]);
      const small = of(low, [x.rows, a.rows]);
      const tasks = rowSlices(x.rows, team.threads, a.rows).map(({ begin, size }) => {
        const rows = (whole: Matrix) => rowsOf(whole, begin, size);
        return [
          product(rows(x), w, rows(output), { transposeB: true }),
          product(rows(d), a, rows(small), { transposeB: true }),
          scaled(rows(small), scale as number),
          product(rows(small), b, rows(output), { transposeB: true, add: true }),
        ];
      });
      team.run(tasks);
    },
  };
}

interface Backward {
  readonly dy: Matrix;
  readonly d: Matrix;
  readonly low: Matrix;
  readonly w: Matrix;
  readonly a: Matrix;
  readonly b: Matrix;
  readonly dx: Matrix;
  /** Where d is x, nothing. */
  readonly dd: Matrix | undefined;
  readonly dLow: Matrix;
  readonly scale: number;
}

/** Of a slice of rows: dx = dy W, dLow = scale * (dy B), and dLow A beside dx or added to it. */
function inputCalls(all: Backward, { begin, size }: Slice): Call[] {
  const rows = (whole: Matrix) => rowsOf(whole, begin, size);
  const { dy, w, a, b, dx, dd, dLow, scale } = all;
  return [
    product(rows(dy), w, rows(dx)),
    product(rows(dy), b, rows(dLow)),
    scaled(rows(dLow), scale),
    dd === undefined
      ? product(rows(dLow), a, rows(dx), { add: true })
      : product(rows(dLow), a, rows(dd)),
  ];
}

/** Of a unit of rows, its part of da = dLow^T d and db = dy^T low. */
function pairCalls(all: Backward, { begin, size }: Slice, da: Matrix, db: Matrix): Call[] {
  const rows = (whole: Matrix) => rowsOf(whole, begin, size);
  return [
    product(rows(all.dLow), rows(all.d), da, { transposeA: true }),
    product(rows(all.dy), rows(all.low), db, { transposeA: true }),
  ];
}

/**
 * Runs the backward pass. Sums over rows are made by units, whose number the threads do not decide,
 * and then added in their order: so they are equal for any number of threads.
 */
function runBackward(team: Team, all: Backward, da: Matrix, db: Matrix, partsAt: number): void {
  const rows = all.dy.rows;
  const slices = rowSlices(rows, team.threads, all.a.rows);
  const units = rowUnits(rows);
  const [sizeA, sizeB] = [da.rows * da.columns, db.rows * db.columns];
  const partsOfB = partsAt + 4 * units.length * sizeA;
  const pairs = units.map((unit, i) =>
    units.length === 1
      ? pairCalls(all, unit, da, db)
      : pairCalls(
          all,
          unit,
          { ...da, at: partsAt + 4 * i * sizeA },
          { ...db, at: partsOfB + 4 * i * sizeB },
        ),
  );
  const inputs = slices.map((slice) => inputCalls(all, slice));
  if (slices.length === units.length) {
    team.run(inputs.map((calls, i) => [...calls, ...(pairs[i] ?? [])]));
  } else {
    team.run(inputs);
    team.run(pairs);
  }
  if (units.length === 1) return;
  team.run([
    [
      call('sumParts', partsAt, da.at, sizeA, units.length),
      call('sumParts', partsOfB, db.at, sizeB, units.length),
    ],
  ]);
}

function backwardKernel(team: Team): HostKernel {
  return {
    name: 'CustosLoraLinearGrad',
    outputShapes: (shapes, { same }) => {
      const d = pairOf(shapes, 'd');
      const inputs = same === true ? [d] : [d, d];
      return [...inputs, pairOf(shapes, 'a'), pairOf(shapes, 'b')];
    },
    scratch: (shapes) => {
      const [rows, rank] = pairOf(shapes, 'low');
      const pair = sizeOf(pairOf(shapes, 'a')) + sizeOf(pairOf(shapes, 'b'));
      return rows * rank + rowUnits(rows).length * pair;
    },
    run: (inputs, buffers, { scale, same, shapes }) => {
      const matrix = (name: string) => of(inputs[name], pairOf(shapes as Shapes, name));
      const [d, low, a, b] = [matrix('d'), matrix('low'), matrix('a'), matrix('b')];
      const [da, db, scratch] = buffers.slice(-3);
      const dLow = of(scratch, [low.rows, low.columns]);
      const [dx, dd] = [of(buffers[0], [d.rows, d.columns]), of(buffers[1], [d.rows, d.columns])];
      const all = { dy: matrix('dy'), d, low, w: matrix('w'), a, b, dx, dLow };
      runBackward(
        team,
        { ...all, dd: same === true ? undefined : dd, scale: scale as number },
        of(da, [a.rows, a.columns]),
        of(db, [b.rows, b.columns]),
        dLow.at + 4 * low.rows * low.columns,
      );
    },
  };
}

/**
 * The engine's LoRA linear operation on the team's products, which can add in place: the low-rank
 * part is added where the frozen part was written, and no intermediate of the full width is made.
 */
export function linearKernels(team: Team): readonly HostKernel[] {
  return [forwardKernel(team), backwardKernel(team)];
}
