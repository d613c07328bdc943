/** What a task can do, by the place in this list; arguments are numbers and byte addresses. */
export const OPERATIONS = [
  'product',
  'causalSoftmax',
  'causalSoftmaxGrad',
  'rmsNorm',
  'rmsNormGrad',
  'swiglu',
  'silu',
  'siluGrad',
  'add',
  'multiply',
  'scaleBy',
  'sumParts',
  'moveHeads',
  'crossEntropy',
  'tokenLoss',
  'dequantize',
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** An operation's place in the list, then its arguments. */
export type Call = readonly number[];
/** Calls that one thread makes one after another. */
export type Task = readonly Call[];

const PLACES = new Map(OPERATIONS.map((name, place) => [name, place]));
const PRODUCT = OPERATIONS.indexOf('product');

export function call(name: Operation, ...values: readonly number[]): Call {
  return [PLACES.get(name) ?? -1, ...values];
}

/** A row-major float32 matrix at a byte address. */
export interface Matrix {
  readonly at: number;
  readonly rows: number;
  readonly columns: number;
}

interface ProductOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** Adds the product to what lies in y. */
  readonly add?: boolean;
}

/** y = A B, either side transposed. */
export function product(a: Matrix, b: Matrix, y: Matrix, options: ProductOptions = {}): Call {
  const { transposeA = false, transposeB = false, add = false } = options;
  const model = (add ? 4 : 0) + (transposeA ? 2 : 0) + (transposeB ? 1 : 0);
  return [
    PRODUCT,
    model,
    a.at,
    a.rows,
    a.columns,
    b.at,
    b.rows,
    b.columns,
    y.at,
    y.rows,
    y.columns,
  ];
}

/** Rows begin … begin + rows of a matrix. */
export function rowsOf({ at, columns }: Matrix, begin: number, rows: number): Matrix {
  return { at: at + 4 * begin * columns, rows, columns };
}

export interface Slice {
  readonly begin: number;
  readonly size: number;
}

/** `count` as at most `pieces` slices of one size, whole `step`s; the last has what is left. */
export function slicesOf(count: number, pieces: number, step = 1): readonly Slice[] {
  const size = step * Math.ceil(count / step / pieces);
  const begins = Array.from({ length: Math.ceil(count / size) }, (_, i) => i * size);
  return begins.map((begin) => ({ begin, size: Math.min(size, count - begin) }));
}

/** Rows of a product that stay in a core's cache with what is made of them; measured. */
const CACHED_ROWS = 256;
const FEWEST_ROWS = 16;

/** Slices whose number does not depend on the threads, for sums over rows. */
export function rowUnits(rows: number): readonly Slice[] {
  return slicesOf(rows, Math.ceil(rows / CACHED_ROWS));
}

/**
 * Slices for results that do not depend on slicing: as many for every thread, none of fewer than
 * FEWEST_ROWS rows where there are so many. As many slices as units are the units.
 * @param columns of the narrowest product: the bits of a single column depend on where its rows are
 * cut, so that it is cut by units
 */
export function rowSlices(rows: number, threads: number, columns: number): readonly Slice[] {
  const least = Math.ceil(rows / CACHED_ROWS);
  const even = threads * Math.ceil(least / threads);
  const count = Math.min(even, Math.floor(rows / FEWEST_ROWS));
  if (count <= least || columns === 1) return rowUnits(rows);
  const begins = Array.from({ length: count + 1 }, (_, i) => Math.floor((i * rows) / count));
  return begins.slice(1).map((end, i) => ({ begin: begins[i]!, size: end - begins[i]! }));
}
