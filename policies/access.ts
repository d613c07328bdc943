import type { Actor, Policy } from '../schemas/index.js';

export type Role = Actor['roles'][number];

export type Action =
  | 'submit'
  | 'cancel'
  | 'decide'
  | 'sign'
  | 'release'
  | 'revoke'
  | 'rollback'
  | 'export-evidence'
  | 'export-raw'
  | 'hold'
  | 'release-hold'
  | 'run-step';

/** Which roles may do what. An action that is not listed for a role is refused. */
const ROLES: Readonly<Record<Action, readonly Role[]>> = {
  submit: ['submitter'],
  cancel: ['submitter', 'reviewer', 'releaser'],
  decide: ['reviewer'],
  sign: ['reviewer'],
  release: ['releaser'],
  revoke: ['releaser', 'reviewer'],
  rollback: ['releaser'],
  'export-evidence': ['auditor', 'reviewer', 'releaser', 'submitter'],
  // Raw rows are what the submitter handed in, and what a reviewer may have to see.
  'export-raw': ['submitter', 'reviewer'],
  // Whoever holds keeps something that would go; whoever lets go may lose it for good.
  hold: ['auditor', 'reviewer', 'releaser'],
  'release-hold': ['auditor', 'releaser'],
  'run-step': ['worker'],
};

export type AccessCode =
  | 'ROLE_MISSING'
  | 'SELF_APPROVAL'
  | 'AUTHENTICATION_STALE'
  | 'AUTHENTICATION_FROM_FUTURE'
  | 'DEMO_REFUSED'
  | 'SERVICE_REFUSED';

export interface AccessRefusal {
  readonly code: AccessCode;
  readonly reason: string;
}

/** Roles of which one allows the action. */
export const rolesFor = (action: Action): readonly Role[] => ROLES[action];

/** Undefined when the actor's roles allow the action. */
export function checkRole(actor: Actor, action: Action): AccessRefusal | undefined {
  const roles = ROLES[action];
  if (actor.roles.some((role) => roles.includes(role))) return undefined;
  return {
    code: 'ROLE_MISSING',
    reason: `${actor.subject} may not ${action}: it takes the role ${roles.join(' or ')}`,
  };
}

/** An act that a person signs for. */
export interface SignedAct {
  readonly actor: Actor;
  readonly action: Extract<Action, 'sign' | 'release' | 'revoke' | 'rollback'>;
  /** Who started the run. */
  readonly submitter: Pick<Actor, 'issuer' | 'subject'>;
  /** The verifier's clock, milliseconds since the epoch. */
  readonly nowMs: number;
}

// Clocks of two machines differ; an authentication further ahead than this is not a skewed clock.
export const MAX_CLOCK_SKEW_MS = 60_000;

/** Whoever takes something back makes nothing that a second person would have to stop. */
const WITHDRAWS: ReadonlySet<Action> = new Set(['revoke', 'rollback']);

type Check = (act: SignedAct, review: Policy['review']) => AccessRefusal | undefined;

const SIGNATURE_CHECKS: readonly Check[] = [
  ({ actor, action }) => checkRole(actor, action),
  ({ actor }) => {
    if (actor.method !== 'service') return undefined;
    return { code: 'SERVICE_REFUSED', reason: 'a service cannot sign for a person' };
  },
  ({ actor, submitter, action }, review) => {
    const same = actor.issuer === submitter.issuer && actor.subject === submitter.subject;
    if (!same || !review.separateSubmitter || WITHDRAWS.has(action)) return undefined;
    return {
      code: 'SELF_APPROVAL',
      reason: `${actor.subject} submitted the run and cannot ${action} it`,
    };
  },
  ({ actor }, review) => {
    if (actor.method !== 'demo' || review.allowDemoSignature) return undefined;
    return { code: 'DEMO_REFUSED', reason: 'the policy does not allow demo signatures' };
  },
  ({ actor, nowMs }, review) => {
    const ageMs = nowMs - Date.parse(actor.authTime);
    if (ageMs <= review.maxAuthAgeMinutes * 60_000) return undefined;
    return {
      code: 'AUTHENTICATION_STALE',
      reason: `authenticate again: the policy allows ${review.maxAuthAgeMinutes} minutes`,
    };
  },
  ({ actor, nowMs }) => {
    // Written so that an unreadable time (NaN) is refused.
    if (Date.parse(actor.authTime) <= nowMs + MAX_CLOCK_SKEW_MS) return undefined;
    return {
      code: 'AUTHENTICATION_FROM_FUTURE',
      reason: 'the authentication time is unreadable or lies in the future: check the clocks',
    };
  },
];

/** Every reason why this person may not sign this act; none means that they may. */
export function checkSignature(act: SignedAct, policy: Policy): readonly AccessRefusal[] {
  return SIGNATURE_CHECKS.flatMap((run) => run(act, policy.review) ?? []);
}

/** True while an approval may be reused for the same batch and policy. */
export function isApprovalFresh(signedAtMs: number, nowMs: number, policy: Policy): boolean {
  const ageMs = nowMs - signedAtMs;
  return ageMs >= -MAX_CLOCK_SKEW_MS && ageMs <= policy.review.approvalValidDays * 86_400_000;
}
