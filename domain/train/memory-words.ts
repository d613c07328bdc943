import type { MemoryPlan } from '../../schemas/index.js';

const gibibytes = (bytes: number): string => (bytes / 2 ** 30).toFixed(2);

/** `0.74 GiB at its peak, activations kept (activations 0.31, runtime 0.20)`; the largest parts first. */
export function describeMemory({ recompute, total, ...parts }: MemoryPlan): string {
  const shown = Object.entries(parts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, bytes]) => [name, gibibytes(bytes)] as const)
    .filter(([, size]) => size !== '0.00');
  const activations = recompute ? 'activations computed again' : 'activations kept';
  return `${gibibytes(total)} GiB at its peak, ${activations} (${shown.map((part) => part.join(' ')).join(', ')})`;
}
