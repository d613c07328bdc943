import { readJson } from '../domain/lineage/index.js';
import type { UnlockedIdentity } from '../infra/identity/index.js';
import { check, validatePolicy } from '../schemas/index.js';
import type { App } from './app.js';
import type { Workspace } from './compose.js';
import { CliError } from './errors.js';
import { draftKeeper, draftOf, noteIgnored, readDrafts, type Work } from './review-drafts.js';
import { decideByKeys, type Told } from './review-keyboard.js';
import { confirms, reauthenticated } from './review-signing.js';
import { startReview, workOf } from './review-state.js';
import { decidedOf } from './review-summary.js';
import {
  decisionsFor,
  describeSigned,
  openReview,
  signReview,
  type ReviewCase,
  type Verdict,
} from './review-work.js';

/**
 * Approves every item and signs; only a demo key may be used without a person looking.
 * @returns a line with the sample's statement and the signer
 * @throws CliError USAGE for a key that is not a demo key, ReviewRefusedError
 */
export async function reviewAsDemo(
  workspace: Workspace,
  reviewWorkflowId: string,
  person: UnlockedIdentity,
): Promise<string> {
  if (!person.trustedKey.demo) {
    throw new CliError(
      'USAGE',
      `${person.actor.subject} is not a demo identity; nobody else signs without looking`,
    );
  }
  const review = await openReview(workspace, reviewWorkflowId);
  const approved = review.batch.items.map(({ id }) => ({ itemId: id, action: 'approve' }) as const);
  const decisions = decisionsFor(review.batch, approved);
  const unseen = approved.length;
  await signReview(workspace, review, decisions, { verdict: 'approved', person, unseen });
  return describeSigned(workspace, review, person);
}

function describeLeft({ id }: ReviewCase, { decisions }: Work, subject: string): string {
  return `nothing is signed; a draft of ${String(decisions.length)} decisions is kept; go on with: custos review open ${id} --as ${subject}`;
}

/** @throws CliError USAGE when nobody could look */
export function requireTerminal(): void {
  if (process.stdin.isTTY && process.stdout.isTTY) return;
  throw new CliError(
    'USAGE',
    'looking at a batch takes a terminal; without one: custos review show, decide and sign',
  );
}

async function toldOf(
  { stores }: Workspace,
  { status }: ReviewCase,
  subject: string,
): Promise<Told> {
  const { runId, submitter, project } = status;
  const json = await readJson(stores.artifacts, status.policy, project);
  const { redact, review } = check(validatePolicy, json, 'the policy');
  const { reviewBelow } = redact;
  return { runId, submitter, subject, reviewBelow, planted: review.plantedMisses };
}

/**
 * Shows each item in context to the person at the terminal, keeps what they decide as a draft from
 * decision to decision, and signs after they confirmed the meaning and authenticated again.
 * @throws CliError USAGE without a terminal, ReviewRefusedError
 */
export async function reviewAtTerminal(
  app: App,
  workspace: Workspace,
  review: ReviewCase,
  reviewer: UnlockedIdentity,
): Promise<string> {
  requireTerminal();
  const { subject } = reviewer.actor;
  const drafts = await readDrafts(workspace, review);
  noteIgnored(app, drafts);
  const told = await toldOf(workspace, review, subject);
  let state = startReview(review.batch.items, draftOf(drafts, subject), { kind: 'intro' });
  const keep = draftKeeper(workspace, review, reviewer);
  for (;;) {
    const { end: _, ...open } = state;
    state = await decideByKeys(open, told, keep);
    const work = workOf(state);
    // Neither a wrong passphrase nor a refused signature may cost the reviewer the work.
    await keep(work);
    if (state.end === 'quit') return describeLeft(review, work, subject);
    const verdict: Verdict = state.end === 'refuse' ? 'refused' : 'approved';
    const decided = decidedOf(state);
    if (!(await confirms(verdict, subject, review, decided))) {
      state = { ...state, said: 'nothing was signed' };
      continue;
    }
    const person = await reauthenticated(workspace, subject);
    if (person === undefined) {
      state = { ...state, said: 'the passphrase is not right: nothing was signed' };
      continue;
    }
    const signed = decisionsFor(review.batch, work.decisions);
    await signReview(workspace, review, signed, { verdict, person, unseen: decided.unseen });
    return describeSigned(workspace, review, person);
  }
}
