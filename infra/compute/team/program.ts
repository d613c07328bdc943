import type { Call, Task } from './calls.js';

/** Tasks of one list, which the lower half of a word counts. */
export const MOST_TASKS = 0xffff;

const sizeOf = (task: Task): number => task.reduce((sum, call) => sum + 1 + call.length, 1);

/**
 * Writes tasks from `begin` on into `program`: where each one lies, and there its number of calls and
 * for each call its length and numbers. @returns how many were written: those that fit, at least one
 */
export function encodeTasks(tasks: readonly Task[], begin: number, program: Float64Array): number {
  const most = Math.min(tasks.length - begin, MOST_TASKS);
  let at = most;
  for (let i = 0; i < most; i++) {
    const task = tasks[begin + i] as Task;
    if (at + sizeOf(task) > program.length) {
      if (i === 0) throw new RangeError('A task is too long for the program.');
      return i;
    }
    program[i] = at;
    program[at++] = task.length;
    for (const call of task) {
      program[at++] = call.length;
      program.set(call, at);
      at += call.length;
    }
  }
  return most;
}

/** Calls `each` with the numbers of every call of a task. */
export function decodeTask(program: Float64Array, task: number, each: (call: Call) => void): void {
  let at = program[task] ?? 0;
  const count = program[at++] ?? 0;
  for (let i = 0; i < count; i++) {
    const length = program[at++] ?? 0;
    const call = new Array<number>(length);
    for (let k = 0; k < length; k++) call[k] = program[at++]!;
    each(call);
  }
}
