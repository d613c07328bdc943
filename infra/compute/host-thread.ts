import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { defer } from './deferred.js';
import { ComputeError } from './errors.js';
import { outOfMemory } from './out-of-memory.js';
import {
  SIGNAL,
  SIGNAL_BYTES,
  type HostMessage,
  type ThreadData,
  type ThreadMessage,
} from './messages.js';
import { DEFAULT_LIMITS, type ThreadLimits } from './thread-limits.js';
import { watchProgress } from './watchdog.js';

/** The built thread entry: beside this file when built, else in the checkout's dist/. */
function threadEntry(): string {
  const built = import.meta.url.endsWith('.js');
  const url = new URL(
    built ? './thread.js' : '../../dist/infra/compute/thread.js',
    import.meta.url,
  );
  const path = fileURLToPath(url);
  if (existsSync(path)) return path;
  throw new ComputeError(
    'NOT_BUILT',
    `The compute thread is not built (${path}); run "npm run build".`,
  );
}

export interface HostThread {
  readonly post: (message: HostMessage) => void;
  /** Asks the thread to stop at its next pass, and ends it after some seconds if it has not. */
  readonly stop: () => Promise<void>;
  /** How much the thread got done so far; the unit is its own. */
  readonly beats: () => number;
  /** Says which prompt of the present call, counted from 1, needs no more tokens; 0 for none. */
  readonly enough: (prompt: number) => void;
}

export interface ThreadHost {
  /** Gets every message of the thread but `error`. */
  readonly onMessage: (message: ThreadMessage) => void;
  /** Called once, with an error also when the thread ended by itself after its work. */
  readonly onEnd: (error: ComputeError | ThreadFailure) => void;
  /** False while the thread has nothing to do or waits for its host: then it need not progress. */
  readonly isBusy?: () => boolean;
}

export interface ThreadOptions extends Partial<ThreadLimits> {
  /** The module that the thread runs; the compute thread's own when not given. */
  readonly entry?: string;
  /** Of JavaScript objects, in MiB; as Node has it when not given. */
  readonly heapMb?: number;
}

function startWorker(entry: string, workerData: ThreadData, heapMb: number | undefined): Worker {
  prepareEnvironment(workerData.job);
  const limits = heapMb === undefined ? {} : { maxOldGenerationSizeMb: heapMb };
  return new Worker(entry, { workerData, resourceLimits: limits });
}

/**
 * Starts a compute thread, and gives it up with THREAD_STALLED when it is busy without progress.
 * @throws ComputeError NOT_BUILT
 */
export function openThread(
  job: ThreadData['job'],
  host: ThreadHost,
  { entry = threadEntry(), heapMb, ...limits }: ThreadOptions = {},
): HostThread {
  const { stallMs, stopGraceMs } = { ...DEFAULT_LIMITS, ...limits };
  const shared = new SharedArrayBuffer(SIGNAL_BYTES);
  const signals = new Int32Array(shared);
  const worker = startWorker(entry, { signals: shared, job }, heapMb);
  const beats = () => Atomics.load(signals, SIGNAL.beats);
  let stopping = false;
  let ended = false;
  const end = (error: ComputeError | ThreadFailure) => {
    if (ended) return;
    ended = true;
    host.onEnd(error);
  };
  const onStall = () => {
    end(stalled(stallMs));
    void worker.terminate();
  };
  const isBusy = () => !ended && (host.isBusy?.() ?? true);
  const unwatch = watchProgress({ beats, isBusy, stallMs, onStall });
  const gone = defer<undefined>();
  worker.on('exit', () => {
    unwatch();
    gone.resolve(undefined);
    end(stopping ? cancelled() : lost());
  });
  worker.on('error', (cause) => {
    end(outOfMemory(cause) ?? crashed(cause));
  });
  worker.on('message', (message: ThreadMessage) => {
    if (message.type === 'error') end(new ThreadFailure(message.code, message.message));
    else host.onMessage(message);
  });
  const stop = async () => {
    stopping = true;
    Atomics.store(signals, SIGNAL.stop, 1);
    worker.postMessage({ type: 'close' } satisfies HostMessage);
    const timer = setTimeout(() => {
      // A native call that never returns keeps the thread, but need not keep its host.
      end(cancelled());
      gone.resolve(undefined);
      void worker.terminate();
    }, stopGraceMs);
    await gone.promise;
    clearTimeout(timer);
  };
  return {
    post: (message) => {
      worker.postMessage(message);
    },
    stop,
    beats,
    enough: (prompt) => void Atomics.store(signals, SIGNAL.enough, prompt),
  };
}

/**
 * TensorFlow's C library reads these from the process's environment, of which a worker thread only
 * has a copy: they have to be set here, before the thread loads it.
 */
function prepareEnvironment(job: ThreadData['job']): void {
  process.env['TF_ENABLE_ONEDNN_OPTS'] ??= '1';
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  const { threads, required } = job.kind === 'probe' ? job.request : job.request.compute;
  const wanted = threads ?? required?.threads;
  if (wanted !== undefined) process.env['TF_NUM_INTRAOP_THREADS'] = String(wanted);
}

function cancelled(): ComputeError {
  return new ComputeError('CANCELLED', 'The computation was cancelled.');
}

function lost(): ComputeError {
  return new ComputeError('THREAD_LOST', 'The compute thread ended without a result.');
}

function stalled(stallMs: number): ComputeError {
  const seconds = String(Math.round(stallMs / 1000));
  return new ComputeError(
    'THREAD_STALLED',
    `The compute thread showed no progress for ${seconds} s and was ended; it starts again from the last checkpoint. If this recurs, look at the disk of the model cache and at the load of the machine.`,
  );
}

function crashed(cause: NodeJS.ErrnoException): ComputeError {
  const facts = [cause.name, cause.code].filter((fact) => fact !== undefined).join(' ');
  return new ComputeError('THREAD_FAILED', `The compute thread crashed (${facts}).`, { cause });
}

/** An error of the thread: the code of whichever room raised it there. */
export class ThreadFailure extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'ThreadFailure';
  }
}
