import type { WasmMemory } from '../simd/web-assembly.js';
import type { Executor } from './executor.js';
import { MOST_TASKS } from './program.js';

/** Words of the memory by which a team agrees on who does what. Lists are counted; counts wrap. */
const WORD = {
  /** How many lists have been handed out, and how many of them are finished, one after another. */
  published: 0,
  finished: 1,
  /** Length of the failure's text, 0 while there is none. */
  failure: 2,
  /** Changes with every call that a thread makes. */
  beat: 3,
} as const;

/** Lists that can wait at once, a power of two. */
export const MOST_LISTS = 64;
/** Words of one waiting list, which lie behind the others. */
const OF_LIST = {
  /** The next task: the list's number in the upper half, the task's in the lower. */
  next: 0,
  count: 1,
  done: 2,
  /** Where its tasks begin in the program. */
  begin: 3,
} as const;
const LIST_WORDS = Object.keys(OF_LIST).length;
const COMMON_WORDS = Object.keys(WORD).length;

const wordOf = (list: number, name: keyof typeof OF_LIST): number =>
  COMMON_WORDS + LIST_WORDS * (list & (MOST_LISTS - 1)) + OF_LIST[name];

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
    words: new Int32Array(new SharedArrayBuffer(4 * (COMMON_WORDS + LIST_WORDS * MOST_LISTS))),
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

/** The part of a list's number that its next task carries. */
const tagOf = (list: number): number => list & (LOW >> 1);
const following = (list: number): number => (list + 1) | 0;

/** Lists that were handed out and are not finished. */
export function waiting({ words }: Board): number {
  return (Atomics.load(words, WORD.published) - Atomics.load(words, WORD.finished)) | 0;
}

/**
 * Hands out the `count` tasks that lie in the program from `begin` on, to be done after those of the
 * lists before. A thread that still looks at the list which had this one's place finds another number.
 */
export function publish({ words }: Board, count: number, begin: number): void {
  const list = Atomics.load(words, WORD.published);
  Atomics.store(words, wordOf(list, 'next'), tagOf(list) << 16);
  Atomics.store(words, wordOf(list, 'count'), count);
  Atomics.store(words, wordOf(list, 'done'), 0);
  Atomics.store(words, wordOf(list, 'begin'), begin);
  Atomics.store(words, WORD.published, following(list));
  Atomics.notify(words, WORD.published);
}

/** The next task of list `list`, or undefined when there is none left. */
function takeTask(words: Int32Array, list: number): number | undefined {
  const at = wordOf(list, 'next');
  for (;;) {
    const next = Atomics.load(words, at);
    if (next >> 16 !== tagOf(list)) return undefined;
    const task = next & LOW;
    if (task >= Atomics.load(words, wordOf(list, 'count'))) return undefined;
    if (Atomics.compareExchange(words, at, next, next + 1) === next) return task;
  }
}

function noteFailure({ words, failure }: Board, error: unknown): void {
  const text = error instanceof Error ? error.message : 'A helper thread failed.';
  const bytes = new TextEncoder().encode(text).subarray(0, FAILURE_BYTES);
  failure.set(bytes);
  Atomics.store(words, WORD.failure, bytes.length);
}

/** Works on list `list`, those before which are finished, as long as it has tasks left. */
function workOn(board: Board, executor: Executor, list: number): void {
  const { words, program } = board;
  const beat = () => {
    Atomics.add(words, WORD.beat, 1);
  };
  for (;;) {
    const task = takeTask(words, list);
    if (task === undefined) return;
    try {
      const begin = Atomics.load(words, wordOf(list, 'begin'));
      executor.runTask(program.subarray(begin), task, beat);
    } catch (error) {
      noteFailure(board, error);
    }
    const done = Atomics.add(words, wordOf(list, 'done'), 1) + 1;
    if (done !== Atomics.load(words, wordOf(list, 'count'))) continue;
    Atomics.store(words, WORD.finished, following(list));
    Atomics.notify(words, WORD.finished);
  }
}

/** Works on every list that is published, for ever. */
export function serve(board: Board, executor: Executor): never {
  const { words } = board;
  for (;;) {
    const list = Atomics.load(words, WORD.finished);
    if (Atomics.load(words, WORD.published) === list) untilChanged(words, WORD.published, list);
    workOn(board, executor, list);
    if (Atomics.load(words, WORD.finished) === list && waiting(board) > 0)
      untilChanged(words, WORD.finished, list);
  }
}

/**
 * Waits until others have done the tasks of list `list` that they took.
 * @throws Error when one of them is lost
 */
export function untilFinished({ words }: Board, list: number, lookMs = LOOK_MS): void {
  let quiet = 0;
  let beat = Atomics.load(words, WORD.beat);
  while (Atomics.load(words, WORD.finished) === list) {
    untilChanged(words, WORD.finished, list, lookMs);
    const last = beat;
    beat = Atomics.load(words, WORD.beat);
    quiet = beat === last ? quiet + 1 : 0;
    if (quiet === LOST_LOOKS && Atomics.load(words, WORD.finished) === list) throw new Error(LOST);
  }
}

/** Works with the others until every list that was handed out is finished. */
export function finish(board: Board, executor: Executor): void {
  while (waiting(board) > 0) {
    const list = Atomics.load(board.words, WORD.finished);
    workOn(board, executor, list);
    untilFinished(board, list);
  }
}

/** What went wrong in a task since it was last asked. */
export function takeFailure({ words, failure }: Board): string | undefined {
  const length = Atomics.exchange(words, WORD.failure, 0);
  // A copy, since text is not decoded from shared memory.
  return length === 0 ? undefined : new TextDecoder().decode(failure.slice(0, length));
}
