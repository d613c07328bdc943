import type { ComputeEnvironment } from '../../schemas/index.js';
import { defer } from './deferred.js';
import { openThread } from './host-thread.js';
import type { Checkpoint, TrainingProgress, TrainingRequest, TrainingResult } from './messages.js';

/** What the host does with a training thread's messages. */
export interface TrainingHandlers {
  readonly onStarted?: (environment: ComputeEnvironment, parameterLine: string) => void;
  readonly onProgress?: (progress: TrainingProgress) => void;
  readonly onEvaluation?: (step: number, heldOutLoss: number) => void;
  /** Stores the checkpoint; the thread waits. A failure ends the training with that failure. */
  readonly onCheckpoint?: (checkpoint: Checkpoint) => Promise<void>;
}

export interface TrainingThread {
  /** Rejects with ComputeError or ThreadFailure, each with a `code`. */
  readonly done: Promise<TrainingResult>;
  /** Stops within seconds; `done` then rejects with code CANCELLED. */
  readonly cancel: () => Promise<void>;
}

/**
 * Trains an adapter in a worker thread.
 * @throws ComputeError NOT_BUILT
 */
export function startTrainingThread(
  request: TrainingRequest,
  handlers: TrainingHandlers = {},
): TrainingThread {
  const { promise, resolve, reject } = defer<TrainingResult>();
  const store = async (checkpoint: Checkpoint) => {
    try {
      await handlers.onCheckpoint?.(checkpoint);
      thread.post({ type: 'checkpoint-stored' });
    } catch (error) {
      reject(error as Error);
      await thread.stop();
    }
  };
  const thread = openThread(
    { kind: 'train', request },
    (message) => {
      if (message.type === 'started')
        handlers.onStarted?.(message.environment, message.parameterLine);
      if (message.type === 'progress') handlers.onProgress?.(message.progress);
      if (message.type === 'evaluation') handlers.onEvaluation?.(message.step, message.heldOutLoss);
      if (message.type === 'checkpoint') void store(message.checkpoint);
      if (message.type === 'done') resolve(message.result);
    },
    reject,
  );
  return { done: promise, cancel: thread.stop };
}
