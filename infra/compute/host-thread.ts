import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { ComputeError } from './errors.js';
import type { HostMessage, ThreadData, ThreadMessage } from './messages.js';

/** How long a stopped thread may take to notice before it is ended. */
const STOP_GRACE_MS = 5000;

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
}

/**
 * Starts a compute thread.
 * @param onMessage every message of the thread but `error`
 * @param onEnd called once, with the error unless the thread ended by itself after its work
 */
export function openThread(
  job: ThreadData['job'],
  onMessage: (message: ThreadMessage) => void,
  onEnd: (error: ComputeError | ThreadFailure) => void,
): HostThread {
  const stopFlag = new SharedArrayBuffer(4);
  const data: ThreadData = { stop: stopFlag, job };
  const worker = new Worker(threadEntry(), { workerData: data });
  let stopping = false;
  let ended = false;
  const end = (error: ComputeError | ThreadFailure) => {
    if (ended) return;
    ended = true;
    onEnd(error);
  };
  const exited = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      resolve();
      end(
        stopping
          ? cancelled()
          : new ComputeError('THREAD_FAILED', 'The compute thread ended without a result.'),
      );
    });
  });
  worker.on('error', (cause) => {
    end(
      new ComputeError('THREAD_FAILED', `The compute thread crashed (${cause.name}).`, { cause }),
    );
  });
  worker.on('message', (message: ThreadMessage) => {
    if (message.type === 'error') end(new ThreadFailure(message.code, message.message));
    else onMessage(message);
  });
  const stop = async () => {
    stopping = true;
    Atomics.store(new Int32Array(stopFlag), 0, 1);
    worker.postMessage({ type: 'close' } satisfies HostMessage);
    const timer = setTimeout(() => void worker.terminate(), STOP_GRACE_MS);
    await exited;
    clearTimeout(timer);
  };
  return {
    post: (message) => {
      worker.postMessage(message);
    },
    stop,
  };
}

function cancelled(): ComputeError {
  return new ComputeError('CANCELLED', 'The computation was cancelled.');
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
