import { readJson } from '../domain/lineage/index.js';
import { checkSignature, type AccessRefusal } from '../policies/index.js';
import { check, validatePolicy } from '../schemas/index.js';
import type { Workspace } from './compose.js';
import { CliError } from './errors.js';
import { requirePerson } from './identity.js';
import type { ReviewCase } from './review-work.js';

/** What the person can do about a refusal. */
const REMEDIES: Readonly<Partial<Record<AccessRefusal['code'], string>>> = {
  SELF_APPROVAL: '; another reviewer has to ("custos identity list" names them)',
  DEMO_REFUSED: ' (/review/allowDemoSignature); sign as a person: custos identity create',
};

/**
 * Whether this person may decide this review, found out before anything is asked of them. The gate
 * judges the signature again.
 * @throws CliError REVIEW_CLOSED, IDENTITY_UNKNOWN, ROLE_MISSING, REVIEW_REFUSED
 */
export async function requireSigner(
  { stores }: Workspace,
  { id, status, closed }: ReviewCase,
  subject: string,
): Promise<void> {
  if (closed !== undefined) {
    throw new CliError(
      'REVIEW_CLOSED',
      `review ${id} is ${closed} and takes no decisions; "custos review show ${id}" shows it, "custos review list" names the open ones`,
    );
  }
  const { roles = [], demo } = requirePerson(await stores.people(), subject, 'sign');
  const policy = check(
    validatePolicy,
    await readJson(stores.artifacts, status.policy, status.project),
    'the policy',
  );
  const now = new Date();
  const method = demo ? 'demo' : 'passphrase';
  const authTime = now.toISOString();
  const [refusal] = checkSignature(
    {
      actor: { issuer: 'local', subject, roles: [...roles], authTime, method },
      action: 'sign',
      submitter: { issuer: 'local', subject: status.submitter },
      nowMs: now.getTime(),
    },
    policy,
  );
  if (refusal === undefined) return;
  throw new CliError('REVIEW_REFUSED', `${refusal.reason}${REMEDIES[refusal.code] ?? ''}`);
}
