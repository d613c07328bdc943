import type { RandomStream } from '../model/index.js';

export interface SamplingSettings {
  /** 0 is greedy. */
  readonly temperature: number;
  /** Sample from the likeliest tokens of this share; 1 takes all. */
  readonly topP: number;
  /** Sample from so many of the likeliest tokens; 0 (when left out) takes all. */
  readonly topK?: number;
  /** Above 1 makes tokens that stand in prompt or answer less likely; 1 when left out. */
  readonly repetitionPenalty?: number;
}

/**
 * Divides the positive logits of tokens that occurred by `penalty` and multiplies their negative
 * ones (Keskar et al. 2019; transformers 5.23 RepetitionPenaltyLogitsProcessor: prompt included,
 * each token once).
 */
function penalized(logits: Float32Array, said: ReadonlySet<number>, penalty: number): Float32Array {
  if (penalty === 1) return logits;
  const out = logits.slice();
  for (const id of said) {
    const logit = logits[id];
    if (logit !== undefined) out[id] = logit > 0 ? logit / penalty : logit * penalty;
  }
  return out;
}

/** How many of the likeliest `order` top-k leaves; tokens as likely as the last of them stay too. */
function withinTopK(logits: Float32Array, order: readonly number[], topK: number): number {
  if (topK === 0 || topK >= order.length) return order.length;
  const least = logits[order[topK - 1] ?? 0] ?? 0;
  let kept = topK;
  while (kept < order.length && logits[order[kept] ?? 0] === least) kept++;
  return kept;
}

/**
 * Draws a token: greedy at temperature 0, otherwise, in the order of transformers 5.23, after the
 * repetition penalty, temperature and top-k, from the smallest set of most likely tokens whose
 * probability reaches topP (Holtzman et al. 2020). Ties go to the lower id. Takes one number of
 * `random` unless greedy, so that a token's draw depends on its place alone.
 * @param said tokens of the prompt and of the answer so far
 */
export function sampleToken(
  raw: Float32Array,
  { temperature, topP, topK = 0, repetitionPenalty = 1 }: SamplingSettings,
  said: ReadonlySet<number>,
  random: RandomStream,
): number {
  const logits = penalized(raw, said, repetitionPenalty);
  if (temperature === 0)
    return logits.indexOf(logits.reduce((most, value) => Math.max(most, value), -Infinity));
  const order = Array.from(logits.keys()).sort(
    (a, b) => (logits[b] ?? 0) - (logits[a] ?? 0) || a - b,
  );
  const best = order[0] ?? 0;
  const weights = order
    .slice(0, withinTopK(logits, order, topK))
    .map((id) => Math.exp(((logits[id] ?? 0) - (logits[best] ?? 0)) / temperature));
  const total = weights.reduce((sum, w) => sum + w, 0);
  let kept = 0;
  let mass = 0;
  while (kept < weights.length && mass < topP * total) mass += weights[kept++] ?? 0;
  let at = random.nextUniform() * mass;
  for (let i = 0; i < kept; i++) {
    at -= weights[i] ?? 0;
    if (at < 0) return order[i] ?? best;
  }
  return order[Math.max(0, kept - 1)] ?? best;
}
