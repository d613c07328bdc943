import type { BackendTrial } from '../infra/compute/index.js';

export interface BackendChoice {
  readonly backend: string;
  readonly reason: string;
}

/** Native backends, and how each comes here. */
const NATIVE = [
  ['tfjs-node-gpu', 'custos setup tensorflow --gpu'],
  ['tfjs-node', 'custos setup tensorflow'],
  ['webgpu', 'npm install webgpu @tensorflow/tfjs-backend-webgpu'],
] as const;

const nameOf = (trial: BackendTrial): string =>
  'failure' in trial ? trial.backend : trial.environment.backend;

function standing(trial: BackendTrial): string {
  const name = nameOf(trial);
  if ('failure' in trial) return `${name} is not used: ${trial.failure}`;
  const { milliseconds = NaN } = trial;
  return `${name} took ${milliseconds.toFixed(0)} ms`;
}

/**
 * The backend that "auto" means here and why it is no faster one.
 * @param trials every installed backend, fastest first, those that failed last
 */
export function describeBackend(trials: readonly BackendTrial[]): BackendChoice {
  const best = trials.find((trial) => !('failure' in trial));
  const tried = new Set(trials.map(nameOf));
  const missing = NATIVE.filter(([name]) => !tried.has(name)).map(
    ([name, command]) => `${name} is not installed ("${command}")`,
  );
  const reason = [...trials.map(standing), ...missing].join('; ');
  if (best === undefined) return { backend: 'none', reason };
  return { backend: nameOf(best), reason: `the fastest in a trial step: ${reason}` };
}
