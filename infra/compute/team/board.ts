import type { WasmMemory } from '../simd/web-assembly.js';
import type { Executor } from './executor.js';
import { MOST_TASKS } from './program.js';

/** Words of the memory by which a team agrees on who does what. */
const WORD = {
  /** The number of the present list; helpers wait for it to change. */
  list: 0,
  /** The next task: the list's number in the upper half, the task's in the lower. */
  next: 1,
  count: 2,
  done: 3,
  /** Length of the failure's text, 0 while there is none. */
  failure: 4,
  /** Changes with every call that a thread makes. */
  beat: 5,
} as const;

const FAILURE_BYTES = 1024;
const PROGRAM_NUMBERS = 1 << 19;
/** The lower half of a word. */
const LOW = MOST_TASKS;

/** What the threads of a team share beside the memory that they compute on. */
export interface Board {
  readonly words: Int32Array;
  readonly failure: Uint8Array;
  readonly program: Float64Array;
}

export interface MemberData {
  readonly board: Board;
  readonly memory: WasmMemory;
}

export function createBoard(): Board {
  return {
    words: new Int32Array(new SharedArrayBuffer(4 * Object.keys(WORD).length)),
    failure: new Uint8Array(new SharedArrayBuffer(FAILURE_BYTES)),
    program: new Float64Array(new SharedArrayBuffer(8 * PROGRAM_NUMBERS)),
  };
}

/** Between two lists lie tens of microseconds of JavaScript: a thread that slept would come late. */
const SPIN_MS = 0.2;
const LOOKS = 200;
/**
 * A helper whose calls do not move for so many looks, a second each, is lost: a call takes seconds
 * at most. Looks are counted, not time, since a process can be held up as a whole.
 */
const LOST_LOOKS = 30;
const LOOK_MS = 1000;
export const LOST = 'A helper thread gives no answer.';

/** Waits until a word is another than `seen`, awake at first, or the limit is over. @returns the word */
function untilChanged(words: Int32Array, at: number, seen: number, limitMs?: number): number {
  const begin = performance.now();
  do {
    for (let look = 0; look < LOOKS; look++) {
      const value = Atomics.load(words, at);
      if (value !== seen) return value;
    }
  } while (performance.now() - begin < SPIN_MS);
  Atomics.wait(words, at, seen, limitMs);
  return Atomics.load(words, at);
}

/** Hands out the tasks that lie in the program. Helpers still busy with the last list find it closed. */
export function publish({ words }: Board, count: number): void {
  const list = (Atomics.load(words, WORD.list) + 1) & (LOW >> 1);
  Atomics.store(words, WORD.next, list << 16);
  Atomics.store(words, WORD.count, count);
  Atomics.store(words, WORD.done, 0);
  Atomics.store(words, WORD.failure, 0);
  Atomics.store(words, WORD.list, list);
  Atomics.notify(words, WORD.list);
}

/** The next task of list `list`, or undefined when there is none left. */
function takeTask(words: Int32Array, list: number): number | undefined {
  for (;;) {
    const next = Atomics.load(words, WORD.next);
    if (next >> 16 !== list) return undefined;
    const task = next & LOW;
    if (task >= Atomics.load(words, WORD.count)) return undefined;
    if (Atomics.compareExchange(words, WORD.next, next, next + 1) === next) return task;
  }
}

function noteFailure({ words, failure }: Board, error: unknown): void {
  const text = error instanceof Error ? error.message : 'A helper thread failed.';
  const bytes = new TextEncoder().encode(text).subarray(0, FAILURE_BYTES);
  failure.set(bytes);
  Atomics.store(words, WORD.failure, bytes.length);
}

/** Works off the present list as long as there are tasks left. */
export function workOn(board: Board, executor: Executor): void {
  const { words, program } = board;
  const list = Atomics.load(words, WORD.list);
  const beat = () => {
    Atomics.add(words, WORD.beat, 1);
  };
  for (;;) {
    const task = takeTask(words, list);
    if (task === undefined) return;
    try {
      executor.runTask(program, task, beat);
    } catch (error) {
      noteFailure(board, error);
    }
    const done = Atomics.add(words, WORD.done, 1) + 1;
    if (done === Atomics.load(words, WORD.count)) Atomics.notify(words, WORD.done);
  }
}

/** Works on every list that is published, for ever. */
export function serve(board: Board, executor: Executor): never {
  let seen = 0;
  for (;;) {
    seen = untilChanged(board.words, WORD.list, seen);
    workOn(board, executor);
  }
}

/**
 * Waits until others have done the tasks that they took.
 * @throws Error when one of them is lost
 */
export function untilDone({ words }: Board, count: number, lookMs = LOOK_MS): void {
  let quiet = 0;
  let beat = Atomics.load(words, WORD.beat);
  for (let done = Atomics.load(words, WORD.done); done !== count;) {
    const last = [done, beat];
    done = untilChanged(words, WORD.done, done, lookMs);
    beat = Atomics.load(words, WORD.beat);
    quiet = done === last[0] && beat === last[1] ? quiet + 1 : 0;
    if (quiet === LOST_LOOKS) throw new Error(LOST);
  }
}

/** What went wrong in a task of the last list. */
export function failureText({ words, failure }: Board): string | undefined {
  const length = Atomics.load(words, WORD.failure);
  // A copy, since text is not decoded from shared memory.
  return length === 0 ? undefined : new TextDecoder().decode(failure.slice(0, length));
}
