import { ComputeError } from './errors.js';

const ADVICE =
  'lower /train/batchSize or /tokenize/maxLength of the policy (/train/accumulation makes up for it), train a smaller model, or give the worker more memory';

const MAY_BE_OF_MEMORY: ReadonlySet<string> = new Set(['RangeError', 'RuntimeError', 'Error']);

/** Of V8's arrays and its WebAssembly, of Emscripten, of C++. */
const WORDS: readonly RegExp[] = [
  /array buffer allocation failed|invalid (typed )?array length/i,
  /unable to grow instance memory|maximum memory size exceeded|could not allocate memory/i,
  /cannot enlarge memory|\boom\b|out of memory|bad_alloc/i,
];

/**
 * How running out of memory shows: the heap's limit ends a thread (Node), and an array, a tensor or
 * the memory of WebAssembly that cannot be had is an error of its own (V8, onnxruntime).
 */
function isOutOfMemory({ name, code, message }: NodeJS.ErrnoException): boolean {
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return true;
  return MAY_BE_OF_MEMORY.has(name) && WORDS.some((words) => words.test(message));
}

/** The error that says what to do about it; undefined when it is another error. */
export function outOfMemory(error: unknown): ComputeError | undefined {
  if (!(error instanceof Error) || !isOutOfMemory(error)) return undefined;
  const heap =
    (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY'
      ? ' of its heap (NODE_OPTIONS=--max-old-space-size=MIB raises it)'
      : '';
  return new ComputeError(
    'OUT_OF_MEMORY',
    `The compute thread ran out of memory${heap}: ${ADVICE}.`,
    { cause: error },
  );
}
