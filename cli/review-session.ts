import { createInterface } from 'node:readline/promises';
import { emitKeypressEvents } from 'node:readline';
import type { UnlockedIdentity } from '../infra/identity/index.js';
import type { App } from './app.js';
import type { Workspace } from './compose.js';
import { CliError } from './errors.js';
import { unlockPerson } from './identity.js';
import { allDecisions, pressKey, startReview, type Key, type ReviewState } from './review-keys.js';
import { draftOf, noteIgnored, readDrafts, saveDraft } from './review-drafts.js';
import { renderScreen } from './review-screen.js';
import {
  decisionsFor,
  describeSigned,
  meaningOf,
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
  await signReview(workspace, review, decisions, { verdict: 'approved', person });
  return describeSigned(review, person);
}

/** Whether the terminal wants colour (https://no-color.org). */
export const wantsColor = (): boolean =>
  process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb';

interface Keypress {
  readonly name?: string;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
}

const CONTROL = /\p{Cc}/u;

function keyOf(text: string | undefined, { name = '', ctrl, meta }: Keypress): Key {
  // Leaving by Ctrl-C keeps what was decided, like q.
  if (ctrl === true && (name === 'c' || name === 'd')) return { name: 'quit', text: '' };
  const typed = text === undefined || ctrl === true || meta === true || CONTROL.test(text);
  return { name: name === 'enter' ? 'return' : name, text: typed ? '' : text };
}

const CLEAR = '\u001B[2J\u001B[3J\u001B[H';

/** Shows the items one by one and takes keys until the reviewer signs, refuses or leaves. */
async function decideByKeys(start: ReviewState): Promise<ReviewState> {
  const { stdin, stdout } = process;
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  stdin.resume();
  const options = { color: wantsColor() };
  const draw = (state: ReviewState) => stdout.write(`${CLEAR}${renderScreen(state, options)}`);
  try {
    return await new Promise<ReviewState>((resolve) => {
      let state = start;
      draw(state);
      const onKey = (text: string | undefined, press: Keypress) => {
        const key = keyOf(text, press);
        state = key.name === 'quit' ? { ...state, end: 'quit' } : pressKey(state, key);
        if (state.end === undefined) {
          draw(state);
          return;
        }
        stdin.off('keypress', onKey);
        resolve(state);
      };
      stdin.on('keypress', onKey);
    });
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    // Nothing of the records stays on the screen or in its scrollback.
    stdout.write(CLEAR);
  }
}

async function confirms(verdict: Verdict, subject: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new CliError(
      'USAGE',
      `confirming takes a terminal; read what the signature means (${meaningOf(verdict)}) and give --yes`,
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const question = `${meaningOf(verdict)}\nSign this as ${subject}? Type "yes": `;
    return (await terminal.question(question)).trim().toLowerCase() === 'yes';
  } finally {
    terminal.close();
  }
}

/** Shows what a signature means and goes on only with a yes. @throws CliError USAGE */
export async function confirmSignature(verdict: Verdict, subject: string): Promise<void> {
  if (!(await confirms(verdict, subject))) throw new CliError('USAGE', 'nothing was signed');
}

async function keepDraft(
  workspace: Workspace,
  review: ReviewCase,
  state: ReviewState,
  reviewer: UnlockedIdentity,
): Promise<string> {
  const decisions = allDecisions(state);
  await saveDraft(workspace, review, decisions, reviewer);
  return `nothing is signed; a draft of ${String(decisions.length)} decisions is kept; go on with: custos review open ${review.id} --as ${reviewer.actor.subject}`;
}

/** @throws CliError USAGE when nobody could look */
export function requireTerminal(): void {
  if (process.stdin.isTTY && process.stdout.isTTY) return;
  throw new CliError(
    'USAGE',
    'looking at a batch takes a terminal; without one: custos review show, decide and sign',
  );
}

/**
 * Shows each item in context to the person at the terminal, keeps a draft when they leave, and
 * signs after they confirmed the meaning and authenticated again.
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
  let state = startReview(review.batch.items, draftOf(drafts, subject));
  for (;;) {
    const { end: _, ...open } = state;
    state = await decideByKeys({ ...open, said: '' });
    if (state.end === 'quit') return keepDraft(workspace, review, state, reviewer);
    const verdict: Verdict = state.end === 'refuse' ? 'refused' : 'approved';
    if (!(await confirms(verdict, subject))) continue;
    const person = await unlockPerson(workspace.stores.identityDir, subject);
    const decisions = allDecisions(state);
    // A refused signature must not cost the reviewer the work.
    await saveDraft(workspace, review, decisions, person);
    const signed = decisionsFor(review.batch, decisions);
    await signReview(workspace, review, signed, { verdict, person });
    return describeSigned(review, person);
  }
}
