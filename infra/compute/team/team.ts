import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { ComputeError } from '../errors.js';
import { createProduct, hasForeignCalls, type Product } from '../onnxruntime.js';
import type { WasmMemory } from '../simd/web-assembly.js';
import type { Task } from './calls.js';
import { createExecutor, type Executor } from './executor.js';
import { encodeTasks } from './program.js';
import {
  createBoard,
  failureText,
  LOST,
  publish,
  untilDone,
  workOn,
  type Board,
  type MemberData,
} from './board.js';

/** Threads that work off lists of tasks together on one shared memory. */
export interface Team {
  readonly threads: number;
  /**
   * Runs every task, each on whichever thread is free, and returns when all are done. Tasks must
   * not read what another of the list writes: then the result does not depend on who ran what.
   */
  readonly run: (tasks: readonly Task[]) => void;
}

/** The built entry of a helper: beside this file when built, else in the checkout's dist/. */
function memberEntry(): string {
  const built = import.meta.url.endsWith('.js');
  const path = built ? './member-entry.js' : '../../../dist/infra/compute/team/member-entry.js';
  const entry = fileURLToPath(new URL(path, import.meta.url));
  if (existsSync(entry)) return entry;
  throw new ComputeError(
    'NOT_BUILT',
    `The helper thread is not built (${entry}); run "npm run build".`,
  );
}

function startMember(entry: string, workerData: MemberData, onEnd: () => void): Promise<void> {
  // What it makes of a task are short lists of numbers.
  const worker = new Worker(entry, { workerData, resourceLimits: { maxYoungGenerationSizeMb: 4 } });
  // It ends with the thread that started it, which it must not keep alive.
  worker.unref();
  return new Promise((resolve, reject) => {
    worker.once('message', () => {
      resolve();
    });
    worker.once('error', reject);
    worker.once('exit', () => {
      onEnd();
      reject(new Error('A helper thread ended before it had started.'));
    });
  });
}

function runOn(board: Board, executor: Executor, tasks: readonly Task[]): void {
  for (let begin = 0; begin < tasks.length;) {
    const count = encodeTasks(tasks, begin, board.program);
    publish(board, count);
    workOn(board, executor);
    untilDone(board, count);
    // Before the next part of the list, which starts without a failure.
    const failure = failureText(board);
    if (failure !== undefined) throw new Error(failure);
    begin += count;
  }
}

/** The team of the calling thread alone. */
export function soloTeam(executor: Executor): Team {
  return {
    threads: 1,
    run: (tasks) => {
      for (const task of tasks) task.forEach(executor.call);
    },
  };
}

/** Columns of a piece below which onnxruntime would sum in other steps, with some to spare. */
const FEWEST_COLUMNS = 96;

/**
 * Whether a product has the same bits on onnxruntime's own threads, which cut the longer side: not
 * where a piece could be one row or the product is one column, nor where pieces have few columns.
 */
function keepsBits(rows: number, columns: number, threads: number): boolean {
  if (rows === 1) return true;
  if (columns > rows) return columns >= FEWEST_COLUMNS * threads;
  return columns > 1 && rows >= 2 * threads;
}

/** What one thread does alone may use onnxruntime's own threads: the others have nothing to do. */
function aloneProduct(memory: WasmMemory, threads: number, single: Product): Product {
  const several = createProduct(memory, threads);
  return (numbers) => {
    const [rows = 0, columns = 0] = numbers.slice(-2);
    (keepsBits(rows, columns, threads) ? several : single)(numbers);
  };
}

/**
 * Starts threads - 1 helpers beside the calling thread; all compute on `memory`, which is shared.
 * @param entry the module that a helper runs; its own when not given
 * @throws ComputeError NOT_BUILT, BACKEND_UNAVAILABLE, or what kept a helper from starting
 */
export async function startTeam(
  memory: WasmMemory,
  threads: number,
  entry?: string,
): Promise<Team> {
  const single = createProduct(memory, 1);
  const solo = soloTeam(
    createExecutor(memory, threads === 1 ? single : aloneProduct(memory, threads, single)),
  );
  // Without calls in place onnxruntime copies, and its own threads are all that helps.
  if (threads === 1 || !hasForeignCalls()) return solo;
  const executor = createExecutor(memory, single);
  const board = createBoard();
  const data: MemberData = { board, memory };
  let lost = false;
  const onEnd = () => {
    lost = true;
  };
  await Promise.all(
    Array.from({ length: threads - 1 }, () => startMember(entry ?? memberEntry(), data, onEnd)),
  );
  return {
    threads,
    run: (tasks) => {
      if (lost) throw new Error(LOST);
      if (tasks.length === 1) solo.run(tasks);
      else runOn(board, executor, tasks);
    },
  };
}
