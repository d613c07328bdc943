import type {
  Evaluation,
  InferenceRequest,
  InferenceThread,
  OnToken,
} from '../../domain/train/index.js';
import type { ComputeEnvironment } from '../../schemas/index.js';
import { defer, type Deferred } from './deferred.js';
import { openThread, ThreadFailure, type HostThread } from './host-thread.js';
import type { InferenceCall, ThreadMessage } from './messages.js';
import type { ThreadLimits } from './thread-limits.js';

/** Calls that wait for their answer, by number. */
function waitingCalls() {
  const waiting = new Map<number, { answer: Deferred<unknown>; onToken: OnToken | undefined }>();
  let next = 0;
  const settle = (id: number) => {
    const call = waiting.get(id);
    waiting.delete(id);
    return call?.answer;
  };
  return {
    size: () => waiting.size,
    add: (onToken: OnToken | undefined) => {
      const answer = defer<unknown>();
      waiting.set(next, { answer, onToken });
      return { id: next++, promise: answer.promise };
    },
    hear: (message: ThreadMessage, thread: () => HostThread) => {
      if (message.type === 'answer') settle(message.id)?.resolve(message.value);
      if (message.type === 'refused')
        settle(message.id)?.reject(new ThreadFailure(message.code, message.message));
      if (message.type !== 'token') return;
      const { id, prompt, token } = message;
      if (waiting.get(id)?.onToken?.(prompt, token) === true) thread().enough(prompt + 1);
    },
    fail: (error: Error) => {
      for (const id of [...waiting.keys()]) settle(id)?.reject(error);
    },
  };
}

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
  const calls = waitingCalls();
  let ended: Error | undefined;
  const thread = openThread(
    { kind: 'infer', request },
    {
      onMessage: (message) => {
        if (message.type === 'started') started.resolve(message.environment);
        else calls.hear(message, () => thread);
      },
      onEnd: (error) => {
        ended = error;
        signal?.removeEventListener('abort', stop);
        started.reject(error);
        calls.fail(error);
      },
      isBusy: () => loading || calls.size() > 0,
    },
    limits,
  );
  const stop = () => void thread.stop();
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted === true) stop();
  const call = (content: InferenceCall, onToken?: OnToken): Promise<unknown> => {
    if (ended !== undefined) return Promise.reject(ended);
    const { id, promise } = calls.add(onToken);
    thread.post({ type: 'call', id, call: content });
    return promise;
  };
  const environment = await started.promise;
  loading = false;
  return {
    environment,
    generate: (content, onToken) => {
      const streamed = onToken !== undefined;
      const said = call({ kind: 'generate', request: content, streamed }, onToken);
      return said as Promise<Int32Array[]>;
    },
    score: (sequences, adapter) =>
      call({ kind: 'score', sequences, adapter }) as Promise<Float32Array[]>,
    evaluate: (sequences, adapter) =>
      call({ kind: 'evaluate', sequences, adapter }) as Promise<Evaluation>,
    close: thread.stop,
  };
}
