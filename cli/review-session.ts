import type { UnlockedIdentity } from '../infra/identity/index.js';
import type { App } from './app.js';
import type { Workspace } from './compose.js';
import { CliError } from './errors.js';
import { decisionsFor, describeSigned, openReview, signReview } from './review-work.js';

/**
 * Approves every item and signs; only a demo key may be used without a person looking.
 * @returns a line with the sample's statement and the signer
 * @throws CliError USAGE for a key that is not a demo key, ReviewRefusedError
 */
export async function reviewAsDemo(
  _app: App,
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
  await signReview(workspace, review, decisions, { verdict: 'approved', person });
  return describeSigned(review, person);
}

export const reviewAtTerminal = reviewAsDemo;
