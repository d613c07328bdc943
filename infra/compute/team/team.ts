import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { ComputeError } from '../errors.js';
import { createProduct, hasForeignCalls } from '../onnxruntime.js';
import type { WasmMemory } from '../simd/web-assembly.js';
import type { Task } from './calls.js';
import { createExecutor, type Executor } from './executor.js';
import { encodeTasks } from './program.js';
import {
  createBoard,
  failureText,
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

function startMember(entry: string, workerData: MemberData): Promise<void> {
  const worker = new Worker(entry, { workerData });
  // It ends with the thread that started it, which it must not keep alive.
  worker.unref();
  return new Promise((resolve, reject) => {
    worker.once('message', () => {
      resolve();
    });
    worker.once('error', reject);
    worker.once('exit', () => {
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
    begin += count;
  }
  const failure = failureText(board);
  if (failure !== undefined) throw new Error(failure);
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
  // What one thread does alone may use onnxruntime's own threads: the others have nothing to do.
  const solo = soloTeam(createExecutor(memory, createProduct(memory, threads)));
  // Without calls in place onnxruntime copies, and its own threads are all that helps.
  if (threads === 1 || !hasForeignCalls()) return solo;
  const executor = createExecutor(memory, createProduct(memory, 1));
  const board = createBoard();
  const data: MemberData = { board, memory };
  await Promise.all(
    Array.from({ length: threads - 1 }, () => startMember(entry ?? memberEntry(), data)),
  );
  return {
    threads,
    run: (tasks) => {
      if (tasks.length === 1) solo.run(tasks);
      else runOn(board, executor, tasks);
    },
  };
}
