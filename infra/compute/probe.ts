import type { ComputeEnvironment } from '../../schemas/index.js';
import { BACKENDS } from './backend-names.js';
import { defer } from './deferred.js';
import { ComputeError } from './errors.js';
import { openThread } from './host-thread.js';

/** A backend that has not started by then will not. */
const START_MS = 5 * 60_000;

/**
 * Starts the wanted backend in a thread for a moment and says what it is.
 * @param backend a backend's name, or "auto"
 * @throws ComputeError or ThreadFailure (BACKEND_UNAVAILABLE), with a `code`
 */
export async function probeEnvironment(backend: string): Promise<ComputeEnvironment> {
  const named = backend === 'auto' ? backend : BACKENDS.find((name) => name === backend);
  if (named === undefined) {
    throw new ComputeError(
      'BACKEND_UNAVAILABLE',
      `Unknown backend ${JSON.stringify(backend)}; known: auto, ${BACKENDS.join(', ')}.`,
    );
  }
  const { promise, resolve, reject } = defer<ComputeEnvironment>();
  openThread(
    { kind: 'probe', request: { backend: named } },
    {
      onMessage: (message) => {
        if (message.type === 'started') resolve(message.environment);
      },
      onEnd: reject,
    },
    { stallMs: START_MS },
  );
  return promise;
}
