import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { EnvironmentRequest } from '../../domain/train/index.js';
import { ModelError } from '../../domain/model/index.js';
import { TrainError } from '../../domain/train/index.js';
import { startEnvironment } from './environment.js';
import { ComputeError } from './errors.js';
import { openInference } from './inference-job.js';
import { outOfMemory } from './out-of-memory.js';
import { SIGNAL, type HostMessage, type ThreadData, type ThreadMessage } from './messages.js';
import { runTraining } from './train-job.js';
import { timeBackend } from './trial.js';

const { job, signals: shared } = workerData as ThreadData;
const port = parentPort as MessagePort;
const signals = new Int32Array(shared);

function post(message: ThreadMessage): void {
  port.postMessage(message);
}

/** Called from every loop: counts what was done, and throws once the host said stop. */
function checkStop(): void {
  Atomics.add(signals, SIGNAL.beats, 1);
  if (Atomics.load(signals, SIGNAL.stop) !== 0)
    throw new ComputeError('CANCELLED', 'The computation was cancelled.');
}

/** Codes and messages of the project's own errors cross; of any other its class and its place. */
function described(thrown: unknown): { code: string; message: string } {
  const error = outOfMemory(thrown) ?? thrown;
  const own =
    error instanceof ComputeError || error instanceof ModelError || error instanceof TrainError;
  if (own) return { code: error.code, message: error.message };
  const frame = error instanceof Error ? error.stack?.match(/^\s+at .*$/m)?.[0].trim() : undefined;
  const facts = [
    error instanceof Error ? error.name : 'unknown error',
    ...(frame === undefined ? [] : [frame]),
  ];
  return { code: 'THREAD_FAILED', message: `The compute thread failed (${facts.join(' ')}).` };
}

/** Waits until the host has stored a checkpoint, or stops this thread. */
function untilStored(): Promise<void> {
  return new Promise((resolve) => {
    const listen = (message: HostMessage) => {
      if (message.type === 'call') return;
      port.off('message', listen);
      resolve();
    };
    port.on('message', listen);
  });
}

async function serveInference(
  request: Extract<ThreadData['job'], { kind: 'infer' }>['request'],
): Promise<void> {
  const engine = await openInference(request, checkStop);
  const answerCall = async ({ id, call }: Extract<HostMessage, { type: 'call' }>) => {
    try {
      Atomics.store(signals, SIGNAL.enough, 0);
      const onToken = (prompt: number, token: number) => {
        post({ type: 'token', id, prompt, token });
        return Atomics.load(signals, SIGNAL.enough) === prompt + 1;
      };
      post({ type: 'answer', id, value: await engine.answer(call, onToken) });
    } catch (error) {
      post({ type: 'refused', id, ...described(error) });
    }
  };
  let last = Promise.resolve();
  port.on('message', (message: HostMessage) => {
    if (message.type === 'close') port.close();
    if (message.type === 'call') last = last.then(() => answerCall(message));
  });
  post({ type: 'started', environment: engine.environment });
}

async function train(
  request: Extract<ThreadData['job'], { kind: 'train' }>['request'],
): Promise<void> {
  const result = await runTraining(request, {
    onStarted: (start) => {
      post({ type: 'training', start });
    },
    onProgress: (progress) => {
      post({ type: 'progress', progress });
    },
    onEvaluation: (step, heldOutLoss) => {
      post({ type: 'evaluation', step, heldOutLoss });
    },
    onCheckpoint: async (checkpoint) => {
      const stored = untilStored();
      post({ type: 'checkpoint', checkpoint });
      await stored;
      checkStop();
    },
    checkStop,
  });
  post({ type: 'done', result });
  port.close();
}

async function probe(request: EnvironmentRequest, timed: boolean): Promise<void> {
  const environment = await startEnvironment(request);
  // A device that is software is refused unmeasured: a trial step on it takes minutes.
  const measured =
    timed && environment.softwareGpu !== true ? { milliseconds: await timeBackend() } : {};
  post({ type: 'started', environment, ...measured });
  port.close();
}

try {
  if (job.kind === 'probe') await probe(job.request, job.timed);
  else if (job.kind === 'train') await train(job.request);
  else await serveInference(job.request);
} catch (error) {
  post({ type: 'error', ...described(error) });
  port.close();
}
