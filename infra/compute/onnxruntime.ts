import { createRequire } from 'node:module';
import { ComputeError } from './errors.js';
import { fusedMatMulModel, gemmModel } from './onnx-model.js';
import { openThroughBinding } from './ort-binding.js';
import { makeValue, openOnValues, releaseValue, type Bound, type Value } from './ort-library.js';
import { floatsAt, type WasmMemory } from './simd/web-assembly.js';

/** The C interface's layout and the binding's file names are pinned to this version. */
export const ONNXRUNTIME_VERSION = '1.30.0';

/**
 * False where koffi has no build for this platform: then results are the same, but copied, and only
 * onnxruntime's own threads help.
 */
export function hasForeignCalls(): boolean {
  try {
    createRequire(import.meta.url)('koffi');
    return true;
  } catch {
    return false;
  }
}

/** By transposed A (2) and transposed B (1); from 4 on the product is added to what lies in Y. */
function modelOf(number: number): Uint8Array {
  const build = number < 4 ? fusedMatMulModel : gemmModel;
  return build((number & 2) !== 0, (number & 1) !== 0);
}

/** Models by number, each opened when it is first asked for; one at once, to see that it can be. */
function opened<T>(open: (model: Uint8Array) => T): (number: number) => T {
  const models = new Map([[0, open(modelOf(0))]]);
  return (number) => {
    const model = models.get(number) ?? open(modelOf(number));
    models.set(number, model);
    return model;
  };
}

/** [model, then address, rows and columns of A, B and Y]: Y = A B or Y += A B. */
export type Product = (numbers: readonly number[]) => void;

/** Tensors that are kept: a step computes at the same places as the step before. */
const MOST_VALUES = 1 << 15;
const ROWS = 2 ** 26;

/** Tensors in `memory`, which stays where it is, made once for each place and shape. */
function valuesOf(memory: WasmMemory) {
  const places = new Map<number, Map<number, Value>>();
  let count = 0;
  const valueAt = (at: number, rows: number, columns: number): Value => {
    const shape = rows * ROWS + columns;
    const known = places.get(at)?.get(shape);
    if (known !== undefined) return known;
    const value = makeValue({ data: floatsAt(memory, at, rows * columns), shape: [rows, columns] });
    const values = places.get(at) ?? new Map<number, Value>();
    places.set(at, values.set(shape, value));
    count += 1;
    return value;
  };
  /** Between two products, so that none of the values of one goes. */
  const limit = () => {
    if (count < MOST_VALUES) return;
    for (const values of places.values()) for (const value of values.values()) releaseValue(value);
    places.clear();
    count = 0;
  };
  return { valueAt, limit };
}

function productInPlace(memory: WasmMemory, threads: number): Product {
  const modelAt = opened((model) => openOnValues(model, threads));
  const { valueAt, limit } = valuesOf(memory);
  return ([model = 0, ...numbers]) => {
    limit();
    const [a, b, y] = [0, 3, 6].map((i) =>
      valueAt(numbers[i] ?? 0, numbers[i + 1] ?? 0, numbers[i + 2] ?? 0),
    ) as [Value, Value, Value];
    modelAt(model)(model < 4 ? [a, b] : [a, b, y], y);
  };
}

function copiedProduct(memory: WasmMemory, threads: number): Product {
  const modelAt = opened((model) => openThroughBinding(model, threads));
  return ([model = 0, ...numbers]) => {
    const [a, b, y] = [0, 3, 6].map((i): Bound => {
      const [at = 0, rows = 0, columns = 0] = numbers.slice(i, i + 3);
      return { data: floatsAt(memory, at, rows * columns), shape: [rows, columns] };
    }) as [Bound, Bound, Bound];
    modelAt(model)(model < 4 ? [a, b] : [a, b, y], y);
  };
}

function openProduct(memory: WasmMemory, threads: number): Product {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as {
    version: string;
  };
  if (version !== ONNXRUNTIME_VERSION) throw new Error(`found ${version}`);
  return (hasForeignCalls() ? productInPlace : copiedProduct)(memory, threads);
}

/**
 * onnxruntime's matrix products, called synchronously on matrices where they lie in `memory`, which
 * must never move: shared memory does not.
 * @param threads threads of one product
 * @throws ComputeError BACKEND_UNAVAILABLE
 */
export function createProduct(memory: WasmMemory, threads: number): Product {
  try {
    return openProduct(memory, threads);
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
