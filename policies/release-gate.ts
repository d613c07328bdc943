import type { GateDecision, GateResult, Policy } from '../schemas/index.js';

/** What the reports and approvals say. A figure that is left out shuts its gate. */
export interface ReleaseFigures {
  readonly assessment?: { readonly refusals?: number };
  readonly review?: {
    readonly approved?: boolean;
    /** Signed by a demo key, or by someone who authenticated as a demo actor. */
    readonly demo?: boolean;
    /** When the approval was signed, ISO 8601: how long it may be acted on follows from it. */
    readonly signedAt?: string;
    /** Planted misses that were in the batch and that the reviewer found. */
    readonly plantedShown?: number;
    readonly plantedFound?: number;
  };
  readonly audit?: {
    /** Attacks that ended in an error instead of a figure. */
    readonly errors?: number;
    /** Removed values that came back in generations. */
    readonly vaultHits?: number;
    /** Mean exposure of the canaries that were inserted once and read, bits. */
    readonly meanExposureBits?: number;
    /** How many fewer canaries inserted once training read than the policy asks for. */
    readonly canaryShortage?: number;
    readonly verbatimExtracted?: number;
  };
  readonly heldOut?: {
    /** Mean loss per token of the held-out records, nats. */
    readonly lossBefore?: number;
    readonly lossAfter?: number;
  };
}

type Figure = number | boolean | undefined;

interface Gate {
  readonly name: string;
  readonly group: GateResult['group'];
  readonly figure: (figures: ReleaseFigures, policy: Policy) => Figure;
  readonly limit: (policy: Policy) => number | boolean | undefined;
  readonly says: string;
}

/** The gate that a policy without a review can never open. */
export const NOT_WAIVED = 'review-not-waived';

// A boolean figure has to equal its limit; a number has to be at most its limit.
const GATES: readonly Gate[] = [
  {
    name: NOT_WAIVED,
    group: 'policy',
    figure: (_, policy) => policy.review.required,
    limit: () => true,
    says: 'the policy has a human review the data',
  },
  {
    name: 'base-model-assessed',
    group: 'assessment',
    figure: ({ assessment }) => assessment?.refusals,
    limit: () => 0,
    says: 'refusals of the base model',
  },
  {
    name: 'review-approved',
    group: 'review',
    figure: ({ review }) => review?.approved,
    limit: () => true,
    says: 'a signed approval of the batch',
  },
  {
    name: 'approval-dated',
    group: 'review',
    figure: ({ review }, policy) => approvalValidUntil(review?.signedAt, policy) !== undefined,
    limit: () => true,
    says: 'an approval that says when it was signed, so that its end is known',
  },
  {
    name: 'reviewer-attentive',
    group: 'review',
    figure: ({ review }, policy) => missedPlants(review, policy),
    limit: ({ review }) => Math.floor(review.plantedMisses / 2),
    says: 'planted misses that the reviewer overlooked',
  },
  {
    name: 'audit-complete',
    group: 'audit',
    figure: ({ audit }) => audit?.errors,
    limit: () => 0,
    says: 'attacks that ended in an error',
  },
  {
    name: 'no-removed-values',
    group: 'audit',
    figure: ({ audit }) => audit?.vaultHits,
    limit: ({ audit }) => audit.maxVaultHits,
    says: 'removed values found in generations',
  },
  {
    name: 'canary-shortage',
    group: 'audit',
    figure: ({ audit }) => audit?.canaryShortage,
    limit: () => 0,
    says: 'canaries inserted once that training read too few of for an audit',
  },
  {
    name: 'canary-exposure',
    group: 'audit',
    figure: ({ audit }) => audit?.meanExposureBits,
    limit: ({ audit }) => audit.maxExposureBits,
    says: 'mean exposure of canaries inserted once and read, bits',
  },
  {
    name: 'no-extraction',
    group: 'audit',
    figure: ({ audit }) => audit?.verbatimExtracted,
    limit: ({ audit }) => audit.maxVerbatim,
    says: 'canary secrets extracted verbatim',
  },
  {
    name: 'held-out-loss',
    group: 'held-out',
    figure: ({ heldOut }) => ratio(heldOut?.lossAfter, heldOut?.lossBefore),
    limit: ({ release }) => release.maxHeldOutLossRatio,
    says: 'held-out loss after training over before',
  },
];

/**
 * Decides a release: open only if every required gate has a figure within its limit. Gates of
 * groups that the policy does not require are evaluated and reported, and decide nothing. Time is no
 * figure, so that equal reports give an equal decision on any day: `validUntil` says how long the
 * decision may be acted on, and whoever acts on it has a clock.
 */
export function decideGate(policy: Policy, figures: ReleaseFigures): GateDecision {
  const required = new Set<GateResult['group']>(['policy', ...policy.release.requires]);
  const gates = GATES.map((gate) => evaluate(gate, policy, figures, required.has(gate.group)));
  // An approval that does not say whose key signed it counts as a demo's.
  const demo = figures.review?.demo !== false;
  const shut = gates.filter(({ required: decides, verdict }) => decides && verdict !== 'open');
  const outcome = outcomeOf(shut, demo);
  const end = approvalValidUntil(figures.review?.signedAt, policy);
  return { outcome, gates, validUntil: required.has('review') ? (end ?? null) : null };
}

function outcomeOf(shut: readonly GateResult[], demo: boolean): GateDecision['outcome'] {
  if (shut.length === 0) return demo ? 'demo-candidate' : 'released';
  // Nothing else is wrong with it, and nobody looked: a candidate for good.
  return shut.every(({ name }) => name === NOT_WAIVED) ? 'unreviewed-candidate' : 'refused';
}

const DAY_MS = 86_400_000;

/** The last moment at which an approval signed at `signedAt` may be acted on; undefined when unreadable. */
export function approvalValidUntil(signedAt: unknown, { review }: Policy): string | undefined {
  const isTime = typeof signedAt === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(signedAt);
  const signedMs = isTime ? Date.parse(signedAt) : NaN;
  const end = new Date(signedMs + review.approvalValidDays * DAY_MS);
  return Number.isNaN(end.getTime()) ? undefined : end.toISOString();
}

/**
 * Whether a decision may be acted on at a moment; one without an end may be at any.
 * @param atMs milliseconds since the epoch; an unreadable time is refused
 */
export function isDecisionValid(
  { validUntil }: Pick<GateDecision, 'validUntil'>,
  atMs: number,
): boolean {
  return validUntil === null || atMs <= Date.parse(validUntil);
}

function evaluate(
  { name, group, figure, limit, says }: Gate,
  policy: Policy,
  figures: ReleaseFigures,
  required: boolean,
): GateResult {
  const seen = present(figure(figures, policy));
  const allowed = present(limit(policy));
  const verdict = judge(seen, allowed);
  const reason =
    verdict === 'missing'
      ? `${says}: no figure`
      : `${says}: ${String(seen)}, allowed ${typeof allowed === 'number' ? 'at most ' : ''}${String(allowed)}`;
  return { name, group, required, verdict, figure: seen, limit: allowed, reason };
}

function judge(
  figure: number | boolean | null,
  limit: number | boolean | null,
): GateResult['verdict'] {
  if (figure === null || limit === null || typeof figure !== typeof limit) return 'missing';
  if (typeof figure === 'boolean') return figure === limit ? 'open' : 'shut';
  return figure <= Number(limit) ? 'open' : 'shut';
}

/**
 * What may be judged: a boolean, or a finite number of zero or more. Reports come from artifacts, so
 * anything else is a broken report; counts, days and losses are never negative.
 */
function present(value: unknown): number | boolean | null {
  if (typeof value === 'boolean') return value;
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : NaN;
}

/** Fewer plants shown than the policy asks for measure less attention than it asks for. */
function missedPlants(review: ReleaseFigures['review'], policy: Policy): number {
  if (policy.review.plantedMisses === 0) return 0;
  const shown = count(review?.plantedShown);
  return shown >= policy.review.plantedMisses ? shown - count(review?.plantedFound) : NaN;
}

function ratio(after: unknown, before: unknown): number {
  return count(before) > 0 ? count(after) / count(before) : NaN;
}
