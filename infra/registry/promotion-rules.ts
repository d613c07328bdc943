import { PROMOTION_ACTS } from '../../domain/evidence/index.js';
import { LineageError, sha256 } from '../../domain/lineage/index.js';
import { checkSignature, isDecisionValid } from '../../policies/index.js';
import {
  check,
  validateGateDecision,
  validatePolicy,
  type GateDecision,
  type PromotionStatement,
  type RegistryEntry,
} from '../../schemas/index.js';

export type Change = PromotionStatement['predicate'];

/** What a change of stage is judged by: the very bytes whose digests the entry names. */
export interface Judged {
  readonly policy: Uint8Array;
  readonly decision: Uint8Array;
}

function refused(entry: RegistryEntry, reason: string): LineageError {
  return new LineageError(
    'GATE_SHUT',
    `${entry.name} version ${String(entry.version)} stays ${entry.stage}: ${reason}`,
  );
}

function named(bytes: Uint8Array, digest: string, what: string): unknown {
  if (sha256(bytes) === digest) return JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown;
  throw new LineageError('ARTIFACT_CORRUPT', `${what} is not the one that the entry names`);
}

/** Why this adapter may not be released, whoever asks. */
function releaseFault(
  entry: RegistryEntry,
  decision: GateDecision,
  nowMs: number,
): string | undefined {
  const shut = decision.gates
    .filter(({ required, verdict }) => required && verdict !== 'open')
    .map(({ name }) => name);
  if (entry.stage === 'candidate (demo)' || decision.outcome === 'demo-candidate') {
    return 'a demo signature stands behind it, and a demo is never released';
  }
  if (decision.outcome !== 'released') return `the release gate is shut (${shut.join(', ')})`;
  if (isDecisionValid(decision, nowMs)) return undefined;
  return `the approval of its data ended at ${String(decision.validUntil)}; run again for a new one`;
}

/**
 * Whether a person's signed change of stage is allowed, at the clock of the registry.
 * @param others the other versions of the adapter
 * @throws LineageError GATE_SHUT with every reason, ARTIFACT_CORRUPT for another policy or decision
 */
export function assertAllowed(
  entry: RegistryEntry,
  change: Change,
  judged: Judged,
  others: readonly RegistryEntry[],
  nowMs: number,
): void {
  const policy = check(
    validatePolicy,
    named(judged.policy, entry.policyDigest, 'the policy'),
    'the policy',
  );
  const decision = check(
    validateGateDecision,
    named(judged.decision, entry.decisionDigest, 'the decision'),
    'the gate decision',
  );
  const { actor, to } = change;
  const act = { actor, action: PROMOTION_ACTS[to], submitter: entry.submitter, nowMs };
  const reasons = checkSignature(act, policy).map(({ reason }) => reason);
  // A statement that was signed long ago was signed about another state of things.
  const ageMs = Math.abs(nowMs - Date.parse(change.signedAt));
  if (!(ageMs <= policy.review.maxAuthAgeMinutes * 60_000)) {
    reasons.push(`it was signed at ${change.signedAt}; sign again`);
  }
  if (to === 'released') {
    if (actor.method === 'demo') reasons.push('a demo person releases nothing');
    const fault = releaseFault(entry, decision, nowMs);
    if (fault !== undefined) reasons.push(fault);
  }
  const earlier = others.some(
    ({ stage, version }) => stage === 'released' && version < entry.version,
  );
  if (to === 'candidate' && !earlier) {
    reasons.push('no earlier version is released to go back to; revoke it instead');
  }
  if (reasons.length > 0) throw refused(entry, reasons.join('; '));
}
