import { defer } from './deferred.js';
import { openThread } from './host-thread.js';
import type {
  Checkpoint,
  TrainingHandlers,
  TrainingRequest,
  TrainingResult,
  TrainingThread,
} from '../../domain/train/index.js';

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
