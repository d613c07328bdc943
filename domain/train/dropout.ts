import { randomStream } from '../model/index.js';

export interface DropoutKey {
  readonly seed: number;
  readonly step: number;
  /** Separates layers, modules and passes of one step; below 2^24. */
  readonly stream: number;
}

/**
 * Writes an inverted-dropout mask: 1 / (1 - p) where kept, 0 where dropped. Distances between
 * dropped elements are drawn (geometric), so the cost grows with what is dropped.
 * @param p probability of dropping, in (0, 1)
 */
export function fillDropoutMask(
  out: Float32Array,
  p: number,
  { seed, step, stream }: DropoutKey,
): void {
  out.fill(1 / (1 - p));
  const random = randomStream({ seed, purpose: 'dropout', step, layer: stream });
  const logKeep = Math.log1p(-p);
  const gap = () => Math.floor(Math.log1p(-random.nextUniform()) / logKeep);
  for (let i = gap(); i < out.length; i += 1 + gap()) out[i] = 0;
}
