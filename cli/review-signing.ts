import { createInterface } from 'node:readline/promises';
import type { UnlockedIdentity } from '../infra/identity/index.js';
import type { Workspace } from './compose.js';
import { CliError } from './errors.js';
import { unlockPerson } from './identity.js';
import type { Decided } from './review-summary.js';
import { meaningOf, type ReviewCase, type Verdict } from './review-work.js';

/** What happens once it is signed. */
const CONSEQUENCES: Readonly<Record<Verdict, string>> = {
  approved: 'The run goes on with these decisions at once; a signature is not taken back.',
  refused: 'The run ends at once and trains nothing; a signature is not taken back.',
};

/** What is signed, by whom, and what it means (21 CFR 11.50). */
function describeSigning(
  verdict: Verdict,
  subject: string,
  { id, status, batch }: ReviewCase,
  decided?: Decided,
): string {
  return [
    `You are about to sign: the batch is ${verdict.toUpperCase()}.`,
    `  who      ${subject}`,
    `  run      ${status.runId}, submitted by ${status.submitter}`,
    `  review   ${id}, ${String(batch.items.length)} records as they were shown`,
    `  policy   ${status.policy.digest}`,
    ...(decided === undefined ? [] : [`  decided  ${decided.words}`]),
    `  meaning  ${meaningOf(verdict, decided?.unseen)}`,
    CONSEQUENCES[verdict],
  ].join('\n');
}

/**
 * Shows what the signature means and asks for it.
 * @throws CliError USAGE without a terminal
 */
export async function confirms(
  verdict: Verdict,
  subject: string,
  review: ReviewCase,
  decided?: Decided,
): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new CliError(
      'USAGE',
      `confirming takes a terminal; read what the signature means (${meaningOf(verdict, decided?.unseen)}) and give --yes`,
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const question = `${describeSigning(verdict, subject, review, decided)}\n\nType "yes" to sign; anything else signs nothing: `;
    return (await terminal.question(question)).trim().toLowerCase() === 'yes';
  } finally {
    terminal.close();
  }
}

/** Shows what a signature means and goes on only with a yes. @throws CliError USAGE */
export async function confirmSignature(
  verdict: Verdict,
  subject: string,
  review: ReviewCase,
  decided?: Decided,
): Promise<void> {
  if (!(await confirms(verdict, subject, review, decided)))
    throw new CliError('USAGE', 'nothing was signed');
}

/** The person, authenticated again for the signature; undefined after a wrong passphrase. */
export async function reauthenticated(
  { stores }: Workspace,
  subject: string,
): Promise<UnlockedIdentity | undefined> {
  try {
    return await unlockPerson(stores.identityDir, subject);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'PASSPHRASE_WRONG') {
      return undefined;
    }
    throw error;
  }
}
