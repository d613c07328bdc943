import { LeakError } from './errors.js';

/** A trained sequence that is attacked: given the first tokens, does the model say the rest? */
export interface ExtractionTarget {
  readonly id: string;
  readonly ids: readonly number[];
  readonly prefixTokens: number;
}

/** Greedy continuation: `count` ids after the prefix; fewer when the model stops. */
export type GenerateGreedy = (
  prefix: readonly number[],
  count: number,
) => Promise<ArrayLike<number>>;

export interface ExtractionResult {
  readonly id: string;
  readonly matchedTokens: number;
  readonly suffixTokens: number;
  readonly verbatim: boolean;
}

/**
 * Discoverable memorization (Carlini et al. 2023, arXiv 2202.07646): greedy continuations that
 * repeat the suffix token by token.
 * @throws LeakError FIGURE_INVALID when a target has no prefix or no suffix
 */
export async function extractVerbatim(
  targets: readonly ExtractionTarget[],
  generate: GenerateGreedy,
): Promise<ExtractionResult[]> {
  const results: ExtractionResult[] = [];
  for (const { id, ids, prefixTokens } of targets) {
    const suffix = ids.slice(prefixTokens);
    if (prefixTokens < 1 || suffix.length === 0) {
      throw new LeakError('FIGURE_INVALID', `target ${id} has no prefix or nothing after it`);
    }
    const said = await generate(ids.slice(0, prefixTokens), suffix.length);
    let matchedTokens = 0;
    while (matchedTokens < suffix.length && said[matchedTokens] === suffix[matchedTokens]) {
      matchedTokens++;
    }
    const suffixTokens = suffix.length;
    results.push({ id, matchedTokens, suffixTokens, verbatim: matchedTokens === suffixTokens });
  }
  return results;
}

/**
 * The probability that at least one of `samples` independent samples is the suffix, whose
 * log-probability under the sampling distribution is `logProbability` (Hayes et al., 2410.19482).
 */
export function discoverableProbability(logProbability: number, samples: number): number {
  return -Math.expm1(samples * Math.log1p(-Math.exp(logProbability)));
}

/** Samples needed to see the suffix with probability p: ceil(ln(1 - p) / ln(1 - p_z)). */
export function samplesNeeded(logProbability: number, p: number): number {
  return Math.ceil(Math.log1p(-p) / Math.log1p(-Math.exp(logProbability)));
}

export interface Sampling {
  /** 0 is greedy. */
  readonly temperature: number;
  /** Tokens kept; all when absent. */
  readonly topK?: number;
  readonly topP: number;
}

function logSoftmax(logits: ArrayLike<number>, temperature: number): Float64Array {
  const scaled = Float64Array.from(logits, (logit) => logit / temperature);
  const top = scaled.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
  const total = Math.log(scaled.reduce((sum, logit) => sum + Math.exp(logit - top), 0));
  return scaled.map((logit) => logit - top - total);
}

/**
 * The log-probability of a token under the distribution that is sampled from: after temperature,
 * top-k and top-p (the smallest set whose probability reaches topP). -Infinity outside of it.
 */
export function sampledLogProbability(
  logits: ArrayLike<number>,
  token: number,
  { temperature, topK, topP }: Sampling,
): number {
  const logP = logSoftmax(logits, temperature === 0 ? 1 : temperature);
  const order = Array.from(logP.keys()).sort((a, b) => (logP[b] ?? 0) - (logP[a] ?? 0) || a - b);
  if (temperature === 0) return order[0] === token ? 0 : Number.NEGATIVE_INFINITY;
  const kept = order.slice(0, topK ?? order.length);
  const keptMass = kept.reduce((sum, id) => sum + Math.exp(logP[id] ?? 0), 0);
  let mass = 0;
  let inside = false;
  for (const id of kept) {
    mass += Math.exp(logP[id] ?? 0) / keptMass;
    inside ||= id === token;
    if (mass >= topP) break;
  }
  return inside
    ? (logP[token] ?? 0) - Math.log(keptMass) - Math.log(mass)
    : Number.NEGATIVE_INFINITY;
}
