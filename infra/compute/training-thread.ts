import { defer } from './deferred.js';
import { openThread } from './host-thread.js';
import type { ThreadLimits } from './thread-limits.js';
import type {
  Checkpoint,
  TrainingHandlers,
  TrainingRequest,
  TrainingResult,
  TrainingThread,
} from '../../domain/train/index.js';

/**
 * Trains an adapter in a worker thread. `done` rejects with THREAD_STALLED when the thread shows no
 * progress, except while the host stores a checkpoint.
 * @throws ComputeError NOT_BUILT
 */
export function startTrainingThread(
  request: TrainingRequest,
  handlers: TrainingHandlers = {},
  limits: Partial<ThreadLimits> = {},
): TrainingThread {
  const { promise, resolve, reject } = defer<TrainingResult>();
  let storing = false;
  const store = async (checkpoint: Checkpoint) => {
    storing = true;
    try {
      await handlers.onCheckpoint?.(checkpoint);
      storing = false;
      thread.post({ type: 'checkpoint-stored' });
    } catch (error) {
      reject(error as Error);
      await thread.stop();
    }
  };
  const thread = openThread(
    { kind: 'train', request },
    {
      onMessage: (message) => {
        if (message.type === 'training') handlers.onStarted?.(message.start);
        if (message.type === 'progress') handlers.onProgress?.(message.progress);
        if (message.type === 'evaluation')
          handlers.onEvaluation?.(message.step, message.heldOutLoss);
        if (message.type === 'checkpoint') void store(message.checkpoint);
        if (message.type === 'done') resolve(message.result);
      },
      onEnd: reject,
      isBusy: () => !storing,
    },
    limits,
  );
  return { done: promise, cancel: thread.stop };
}
