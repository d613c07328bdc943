import { MAX_CLOCK_SKEW_MS } from '../../policies/index.js';
import type { Actor, Policy, ReviewBatch, ReviewDecisions } from '../../schemas/index.js';
import { digestJson, type Digest } from '../lineage/index.js';
import { batchRoot, shownDigest } from './build-batch.js';
import { checkDecisions, type DecisionRefusalCode, type Refusal } from './check-decisions.js';
import { ReviewError } from './errors.js';

/** What a person signed: the predicate of a review statement. */
export interface SignedFacts {
  readonly runId: string;
  readonly batchRoot: Digest;
  readonly policyDigest: Digest;
  readonly shownDigest: Digest;
  readonly decisionsDigest: Digest;
  readonly verdict: 'approved' | 'refused';
  readonly actor: Actor;
  readonly signedAt: string;
}

export interface SignedReviewInput {
  readonly batch: ReviewBatch;
  readonly decisions: ReviewDecisions;
  readonly facts: SignedFacts;
  /** Whether the signature verifies under a key that belongs to the actor. */
  readonly signatureValid: boolean;
  /** Whether that key is a demo key. */
  readonly demoKey: boolean;
  readonly submitter: string;
  /** The run whose gate judges. */
  readonly runId: string;
  readonly policyDigest: Digest;
  readonly policy: Policy['review'];
  /** Date-time. */
  readonly now: string;
  /** new: just signed; stored: an approval that is to be used again. */
  readonly use: 'new' | 'stored';
}

export type ReviewRefusalCode =
  | DecisionRefusalCode
  | 'SIGNATURE_INVALID'
  | 'OTHER_RUN'
  | 'STALE_BATCH'
  | 'SHOWN_MISMATCH'
  | 'POLICY_CHANGED'
  | 'DECISIONS_CHANGED'
  | 'ROLE_MISSING'
  | 'SELF_APPROVAL'
  | 'DEMO_NOT_ALLOWED'
  | 'TIME_INVALID'
  | 'AUTH_TOO_OLD'
  | 'SIGNED_LATE'
  | 'APPROVAL_EXPIRED';

const minutesBetween = (from: string, to: string): number =>
  (Date.parse(to) - Date.parse(from)) / 60_000;

// The same as offline verification allows, or a signature could count here and fail there.
const CLOCK_SKEW_MINUTES = MAX_CLOCK_SKEW_MS / 60_000;

/** Not "at least zero": a time that cannot be read gives NaN, which is in no range. */
const within = (minutes: number, most: number): boolean =>
  minutes >= -CLOCK_SKEW_MINUTES && minutes <= most;

interface Check {
  readonly code: ReviewRefusalCode;
  readonly passes: (input: SignedReviewInput) => boolean;
  readonly message: string;
}

const CHECKS: readonly Check[] = [
  {
    code: 'SIGNATURE_INVALID',
    passes: ({ signatureValid }) => signatureValid,
    message: 'the signature does not verify under a key of its signer',
  },
  {
    // Another run may have an equal batch. A stored approval is used again by the rules for that;
    // a signature that is handed in as new was made for this gate, or was copied.
    code: 'OTHER_RUN',
    passes: ({ facts, runId, use }) => use === 'stored' || facts.runId === runId,
    message: 'the signature was made for another run; sign this one',
  },
  {
    code: 'STALE_BATCH',
    passes: ({ batch, facts, decisions }) =>
      facts.batchRoot === batchRoot(batch) && decisions.batchRoot === facts.batchRoot,
    message: 'the decisions are about another batch; review the present one',
  },
  {
    code: 'SHOWN_MISMATCH',
    passes: ({ batch, facts }) => facts.shownDigest === shownDigest(batch),
    message: 'what was signed as shown is not what this batch shows',
  },
  {
    code: 'POLICY_CHANGED',
    passes: ({ facts, policyDigest }) => facts.policyDigest === policyDigest,
    message: 'the policy is not the one that was signed for; review again',
  },
  {
    code: 'DECISIONS_CHANGED',
    passes: ({ facts, decisions }) => facts.decisionsDigest === digestJson(decisions),
    message: 'the decisions are not those that were signed',
  },
  {
    code: 'ROLE_MISSING',
    passes: ({ facts }) => facts.actor.roles.includes('reviewer'),
    message: 'the signer does not have the role "reviewer"',
  },
  {
    code: 'SELF_APPROVAL',
    passes: ({ facts, policy, submitter }) =>
      !policy.separateSubmitter || facts.actor.subject !== submitter,
    message: 'the signer submitted this run; another reviewer has to sign',
  },
  {
    code: 'DEMO_NOT_ALLOWED',
    passes: ({ demoKey, facts, policy }) =>
      policy.allowDemoSignature || (!demoKey && facts.actor.method !== 'demo'),
    message: 'the policy does not allow a demo signature (/review/allowDemoSignature)',
  },
  {
    code: 'TIME_INVALID',
    passes: ({ facts, now }) =>
      within(minutesBetween(facts.signedAt, now), Number.POSITIVE_INFINITY) &&
      within(minutesBetween(facts.actor.authTime, facts.signedAt), Number.POSITIVE_INFINITY),
    message: 'the signature lies in the future or before its authentication; check the clocks',
  },
  {
    code: 'AUTH_TOO_OLD',
    passes: ({ facts, policy }) =>
      within(minutesBetween(facts.actor.authTime, facts.signedAt), policy.maxAuthAgeMinutes),
    message: 'the signer authenticated too long ago; authenticate again and sign',
  },
  {
    code: 'SIGNED_LATE',
    passes: ({ facts, now, policy, use }) =>
      use === 'stored' || within(minutesBetween(facts.signedAt, now), policy.maxAuthAgeMinutes),
    message: 'the signature was made too long ago to be handed in now; sign again',
  },
  {
    code: 'APPROVAL_EXPIRED',
    passes: ({ facts, now, policy }) =>
      within(minutesBetween(facts.signedAt, now), policy.approvalValidDays * 24 * 60),
    message: 'the approval is older than /review/approvalValidDays; review again',
  },
];

/** Every reason why a signed review does not count; empty when it does. */
export function findReviewRefusals(input: SignedReviewInput): Refusal<ReviewRefusalCode>[] {
  const refusals = CHECKS.filter(({ passes }) => !passes(input));
  // Whoever refuses the whole batch need not decide every item.
  const onItems = checkDecisions(input.batch, input.decisions.decisions).filter(
    ({ code }) => code !== 'MISSING_DECISIONS' || input.facts.verdict === 'approved',
  );
  return [...refusals.map(({ code, message }) => ({ code, message })), ...onItems];
}

/** @throws ReviewError DECISIONS_REFUSED listing each refusal's code and message */
export function assertReviewCounts(input: SignedReviewInput): void {
  const refusals = findReviewRefusals(input);
  if (refusals.length === 0) return;
  const lines = refusals.map(({ code, message }) => `  ${code}: ${message}`);
  throw new ReviewError('DECISIONS_REFUSED', `the review does not count:\n${lines.join('\n')}`);
}
