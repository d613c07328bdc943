import type { Product } from '../onnxruntime.js';
import { instantiateSimd, type SimdModule } from '../simd/simd-module.js';
import { floatsAt, type WasmMemory } from '../simd/web-assembly.js';
import { OPERATIONS, type Call, type Operation } from './calls.js';
import { decodeTask } from './program.js';

/** Runs calls on a memory in the calling thread. */
export interface Executor {
  readonly call: (numbers: Call) => void;
  /** Runs a task of an encoded program, and `after` after each of its calls. */
  readonly runTask: (program: Float64Array, task: number, after: () => void) => void;
}

type Run = (...values: readonly number[]) => void;
type Rows = readonly [logits: number, labels: number, losses: number, rows: number, width: number];

/** Losses of rows of logits under labels (int32), and the slopes where asked. */
function lossRuns(simd: SimdModule, memory: WasmMemory) {
  const each = (
    [logits, labels, losses, rows, width]: Rows,
    sum: (x: number, row: number, label: number, largest: number) => number,
  ) => {
    const values = floatsAt(memory, logits, rows * width);
    const targets = new Int32Array(values.buffer, labels, rows);
    const out = floatsAt(memory, losses, rows);
    for (let row = 0; row < rows; row++) {
      const x = logits + 4 * row * width;
      const label = targets[row] ?? 0;
      // Read first: the slopes may be written where the logits lie.
      const own = values[row * width + label] ?? NaN;
      const largest = simd.largestOf(x, width);
      out[row] = Math.log(sum(x, row, label, largest)) + largest - own;
    }
  };
  return {
    tokenLoss: (...rows: Rows) => {
      each(rows, (x, _row, _label, largest) => simd.sumOfExp(x, rows[4], largest));
    },
    crossEntropy: (
      ...[logits, labels, losses, rows, width, slopes, weight]: readonly [
        ...Rows,
        slopes: number,
        weight: number,
      ]
    ) => {
      each([logits, labels, losses, rows, width], (x, row, label, largest) =>
        simd.crossEntropyRow(x, slopes + 4 * row * width, width, label, weight, largest),
      );
    },
  };
}

/** @param product absent on a backend that has no products of its own */
export function createExecutor(memory: WasmMemory, product: Product | undefined): Executor {
  const simd = instantiateSimd(memory);
  const runs: Readonly<Record<Operation, unknown>> = {
    ...simd,
    ...lossRuns(simd, memory),
    product: (...numbers: readonly number[]) => product?.(numbers),
  };
  const table = OPERATIONS.map((name) => runs[name] as Run);
  const call = ([operation, ...values]: Call) => {
    (table[operation ?? -1] as Run)(...values);
  };
  return {
    call,
    runTask: (program, task, after) => {
      decodeTask(program, task, (numbers) => {
        call(numbers);
        after();
      });
    },
  };
}
