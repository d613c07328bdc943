import type { Evaluation, InferenceRequest, InferenceThread } from '../../domain/train/index.js';
import type { ComputeEnvironment } from '../../schemas/index.js';
import { defer, type Deferred } from './deferred.js';
import { openThread, ThreadFailure } from './host-thread.js';
import type { InferenceCall } from './messages.js';
import type { ThreadLimits } from './thread-limits.js';

/**
 * Loads a model, and an adapter when given, in a worker thread.
 * @param signal ends the thread when it aborts, also while it loads
 * @throws ComputeError or ThreadFailure, each with a `code`
 */
export async function startInferenceThread(
  request: InferenceRequest,
  signal?: AbortSignal,
  limits: Partial<ThreadLimits> = {},
): Promise<InferenceThread> {
  let loading = true;
  const started = defer<ComputeEnvironment>();
  const pending = new Map<number, Deferred<unknown>>();
  let ended: Error | undefined;
  const settle = (id: number) => {
    const call = pending.get(id);
    pending.delete(id);
    return call;
  };
  const thread = openThread(
    { kind: 'infer', request },
    {
      onMessage: (message) => {
        if (message.type === 'started') started.resolve(message.environment);
        if (message.type === 'answer') settle(message.id)?.resolve(message.value);
        if (message.type === 'refused')
          settle(message.id)?.reject(new ThreadFailure(message.code, message.message));
      },
      onEnd: (error) => {
        ended = error;
        signal?.removeEventListener('abort', stop);
        started.reject(error);
        for (const id of [...pending.keys()]) settle(id)?.reject(error);
      },
      isBusy: () => loading || pending.size > 0,
    },
    limits,
  );
  const stop = () => void thread.stop();
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted === true) stop();
  let nextId = 0;
  const call = (content: InferenceCall): Promise<unknown> => {
    if (ended !== undefined) return Promise.reject(ended);
    const waiting = defer<unknown>();
    pending.set(nextId, waiting);
    thread.post({ type: 'call', id: nextId++, call: content });
    return waiting.promise;
  };
  const environment = await started.promise;
  loading = false;
  return {
    environment,
    generate: (content) => call({ kind: 'generate', request: content }) as Promise<Int32Array[]>,
    score: (sequences, adapter) =>
      call({ kind: 'score', sequences, adapter }) as Promise<Float32Array[]>,
    evaluate: (sequences, adapter) =>
      call({ kind: 'evaluate', sequences, adapter }) as Promise<Evaluation>,
    close: thread.stop,
  };
}
