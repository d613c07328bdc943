import type { Policy, SpanReport } from '../../schemas/index.js';
import { drawWithoutReplacement, secretStream } from '../leak/index.js';
import { ReviewError } from './errors.js';

export interface Selection {
  /** Most uncertain first. */
  readonly uncertain: readonly string[];
  /** Drawn at random from the records that the machine was sure about. */
  readonly sample: readonly string[];
  /** Records whose copies carry planted misses. */
  readonly plantHosts: readonly string[];
}

export interface SelectionInput {
  /** Ids of all redacted records, in any order. */
  readonly recordIds: Iterable<string>;
  readonly spans: Iterable<Pick<SpanReport, 'recordId' | 'score' | 'uncertain'>>;
  readonly policy: Pick<Policy['review'], 'sampleSize' | 'maxUncertain' | 'plantedMisses'>;
  /** 32 bytes, drawn for this dataset: nobody can foresee the sample. */
  readonly secret: Uint8Array;
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The lowest score of each record's uncertain spans. */
function leastScores(spans: SelectionInput['spans']): Map<string, number> {
  const least = new Map<string, number>();
  for (const { recordId, score, uncertain } of spans) {
    if (uncertain) least.set(recordId, Math.min(score, least.get(recordId) ?? 1));
  }
  return least;
}

/** Hosts beyond the drawn ones repeat records of the batch: a planted miss is never left out. */
function hostsFor(spare: readonly string[], shown: readonly string[], count: number): string[] {
  const pool = [...spare, ...shown];
  if (pool.length === 0) return [];
  return Array.from({ length: count }, (_, index) => pool[index % pool.length] as string);
}

/**
 * Which records go to review. The same records, spans and secret give the same selection whatever
 * their order.
 * @throws ReviewError TOO_MANY_UNCERTAIN: none is hidden to make the rest fit
 */
export function selectForReview(input: SelectionInput): Selection {
  const { sampleSize, maxUncertain, plantedMisses } = input.policy;
  const least = leastScores(input.spans);
  const uncertain = [...least]
    .sort(([idA, scoreA], [idB, scoreB]) => scoreA - scoreB || byText(idA, idB))
    .map(([id]) => id);
  if (uncertain.length > maxUncertain) {
    throw new ReviewError(
      'TOO_MANY_UNCERTAIN',
      `${String(uncertain.length)} records are uncertain, /review/maxUncertain allows ${String(maxUncertain)}; raise it, or lower /redact/reviewBelow`,
    );
  }
  const sure = [...input.recordIds].filter((id) => !least.has(id)).sort(byText);
  const stream = secretStream(input.secret, 'review-sample');
  const drawn = drawWithoutReplacement(stream, sure, sampleSize + plantedMisses);
  const sample = drawn.slice(0, sampleSize);
  const shown = [...sample, ...uncertain];
  return { uncertain, sample, plantHosts: hostsFor(drawn.slice(sampleSize), shown, plantedMisses) };
}
