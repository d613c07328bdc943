import type { ComputeEnvironment } from '../../schemas/index.js';
import {
  availableBackends,
  BACKENDS,
  unusableBackends,
  type BackendName,
} from './backend-names.js';
import { defer } from './deferred.js';
import { ComputeError } from './errors.js';
import { openThread } from './host-thread.js';

/** A backend that has not started by then will not. */
const START_MS = 5 * 60_000;

/** A backend as it was found: what it is and how fast, or why it cannot be used. */
export type BackendTrial =
  | { readonly environment: ComputeEnvironment; readonly milliseconds: number | undefined }
  | { readonly backend: BackendName; readonly failure: string };

type Started = Extract<BackendTrial, { environment: ComputeEnvironment }>;

/** Starts a backend in a thread for a moment. @param timed also measures it */
async function start(backend: BackendName, timed: boolean): Promise<Started> {
  const { promise, resolve, reject } = defer<Started>();
  openThread(
    { kind: 'probe', request: { backend }, timed },
    {
      onMessage: (message) => {
        if (message.type !== 'started') return;
        const { environment, milliseconds } = message;
        resolve({ environment, milliseconds });
      },
      onEnd: reject,
    },
    { stallMs: START_MS },
  );
  return promise;
}

/** A device that a processor imitates is never taken unasked: it is slower than the processor. */
function refusedDevice({ environment: { backend, gpu = '' } }: Started): BackendTrial {
  const failure = `its only device is software (${gpu}); ask for "${backend}" by name to use it all the same`;
  return { backend, failure };
}

/**
 * Every backend that is installed here, each started and timed on the gradients of one small layer,
 * fastest first; those that failed come last. The slow last resorts are started by name only.
 */
export async function tryBackends(
  names: readonly BackendName[] = availableBackends(),
): Promise<readonly BackendTrial[]> {
  const failed: BackendTrial[] = [...unusableBackends()];
  const started: Started[] = [];
  for (const backend of names) {
    try {
      const trial = await start(backend, true);
      if (trial.environment.softwareGpu === true) failed.push(refusedDevice(trial));
      else started.push(trial);
    } catch (error) {
      failed.push({ backend, failure: error instanceof Error ? error.message : 'unknown error' });
    }
  }
  started.sort((a, b) => (a.milliseconds ?? Infinity) - (b.milliseconds ?? Infinity));
  return [...started, ...failed];
}

async function fastest(): Promise<ComputeEnvironment> {
  const [only, ...others] = availableBackends();
  // With nothing to choose from there is nothing to measure.
  if (only !== undefined && others.length === 0) return (await start(only, false)).environment;
  const trials = await tryBackends();
  const best = trials.find((trial): trial is Started => 'environment' in trial);
  if (best !== undefined) return best.environment;
  const reasons = trials.map((trial) => ('failure' in trial ? trial.failure : '')).join(' ');
  throw new ComputeError(
    'BACKEND_UNAVAILABLE',
    `No backend can be started here; run "npm ci" in the folder of Custos. ${reasons}`,
  );
}

/**
 * Starts the wanted backend in a thread for a moment and says what it is; "auto" is the fastest by
 * measurement of those that are installed.
 * @param backend a backend's name, or "auto"
 * @throws ComputeError or ThreadFailure (BACKEND_UNAVAILABLE), with a `code`
 */
export async function probeEnvironment(backend: string): Promise<ComputeEnvironment> {
  if (backend === 'auto') return fastest();
  const named = BACKENDS.find((name) => name === backend);
  if (named === undefined) {
    throw new ComputeError(
      'BACKEND_UNAVAILABLE',
      `Unknown backend ${JSON.stringify(backend)}; known: auto, ${BACKENDS.join(', ')}.`,
    );
  }
  return (await start(named, false)).environment;
}
