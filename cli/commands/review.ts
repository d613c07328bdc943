import type { Command } from 'commander';
import type { ReviewDecision } from '../../schemas/index.js';
import { appOf, table, type RegisterCommand } from '../app.js';
import { withWorkspace, type Workspace } from '../compose.js';
import { unlockPerson } from '../identity.js';
import { decisionsOfItem } from '../review-decisions.js';
import { describeIgnored, draftOf, readDrafts, type Drafts } from '../review-drafts.js';
import { renderItem } from '../review-screen.js';
import { wantsColor } from '../review-keyboard.js';
import { requireTerminal, reviewAtTerminal } from '../review-session.js';
import { requireSigner } from '../review-signer.js';
import { openReview, signedDecisions, type ReviewCase } from '../review-work.js';
import { registerReviewDecide, registerReviewSign } from './review-decide.js';

interface ReviewLine {
  readonly id: string;
  readonly phase: string;
  readonly runId: string;
  readonly submitter: string;
  readonly items: number;
  readonly ageMinutes: number;
}

const OPEN_REVIEWS = 'WorkflowType = "reviewGate" AND ExecutionStatus = "Running"';

async function listReviews(workspace: Workspace): Promise<ReviewLine[]> {
  const lines: ReviewLine[] = [];
  for await (const { workflowId, startTime } of workspace.client.workflow.list({
    query: OPEN_REVIEWS,
  })) {
    const { status, batch } = await openReview(workspace, workflowId);
    const { phase, runId, submitter } = status;
    const ageMinutes = Math.round((Date.now() - startTime.getTime()) / 60_000);
    lines.push({ id: workflowId, phase, runId, submitter, items: batch.items.length, ageMinutes });
  }
  return lines;
}

/** What an item of a closed review says that nobody decided by itself. */
const UNDECIDED: Readonly<Record<string, string>> = {
  approved: 'reviewed',
  rejected: 'refused with the batch',
};

interface Shown {
  readonly opened: ReviewCase;
  readonly drafts: Drafts;
  readonly decisions: readonly ReviewDecision[];
}

/** A closed review with what was signed, an open one with the drafts of whoever is named. */
async function readShown(
  workspace: Workspace,
  id: string,
  subject: string | undefined,
): Promise<Shown> {
  const opened = await openReview(workspace, id);
  const drafts = await readDrafts(workspace, opened);
  const decisions =
    opened.closed === undefined
      ? draftOf(drafts, subject ?? '').decisions
      : await signedDecisions(workspace, opened);
  return { opened, drafts, decisions };
}

function describeDrafts({ opened, drafts }: Shown): readonly string[] {
  if (opened.closed !== undefined) return [];
  const kept = [...drafts.kept.values()].map(({ subject, savedAt, decisions }) => {
    const items = new Set(decisions.map(({ itemId }) => itemId)).size;
    return `draft of ${subject}: ${String(items)} items decided, kept ${savedAt} (see it: --as ${subject})`;
  });
  return [...kept, describeIgnored(drafts)].filter((line) => line !== '');
}

function describeCase(shown: Shown): string {
  const { id, status, closed, batch } = shown.opened;
  const count = `${String(batch.items.length)} items`;
  const head = `${id}  ${closed ?? status.phase}  ${count}  submitted by ${status.submitter}`;
  const undecided = closed === undefined ? 'open' : (UNDECIDED[closed] ?? 'not decided');
  const options = { color: wantsColor(), undecided };
  const items = batch.items.map((item) =>
    renderItem(item, decisionsOfItem(shown.decisions, item.id), options),
  );
  const next =
    closed === undefined
      ? `decide and sign: custos review open ${id} --as PERSON`
      : `this review is ${closed}; nothing more is decided in it`;
  return [[head, ...describeDrafts(shown)].join('\n'), ...items, next].join('\n\n---\n\n');
}

function registerList(review: Command): void {
  review
    .command('list')
    .description('Reviews that wait for a person.')
    .addHelpText('after', '\nExample:\n  custos review list')
    .action(async (_options: unknown, command: Command) => {
      const app = appOf(command);
      const lines = await withWorkspace(app, listReviews);
      app.emit(lines, () =>
        lines.length === 0
          ? 'no review is open'
          : table(
              lines.map(({ id, phase, items, submitter, ageMinutes }) => [
                id,
                phase,
                `${String(items)} items`,
                `${String(ageMinutes)} min`,
                `submitted by ${submitter}`,
              ]),
            ),
      );
    });
}

function registerShow(review: Command): void {
  review
    .command('show <id>')
    .description('The items of a batch in context, most uncertain first, with what is decided.')
    .addHelpText('after', '\nExample:\n  custos review show RUN-review --as ben')
    .option('--as <person>', "with this person's draft")
    .action(async (id: string, options: { as?: string }, command: Command) => {
      const app = appOf(command);
      const shown = await withWorkspace(app, (workspace) => readShown(workspace, id, options.as));
      const { opened, drafts, decisions } = shown;
      app.emit(
        {
          id: opened.id,
          ...opened.status,
          closed: opened.closed ?? null,
          items: opened.batch.items,
          decisions,
          drafts: [...drafts.kept.values()],
          draftsIgnored: drafts.ignored,
        },
        () => describeCase(shown),
      );
    });
}

function registerOpen(review: Command): void {
  review
    .command('open <id>')
    .description('Look at every item on the terminal, decide by keyboard, and sign.')
    .addHelpText('after', '\nExample:\n  custos review open RUN-review --as ben')
    .requiredOption('--as <person>', 'who looks and signs')
    .action(async (id: string, options: { as: string }, command: Command) => {
      const app = appOf(command);
      const said = await withWorkspace(app, async (workspace) => {
        requireTerminal();
        const review = await openReview(workspace, id);
        await requireSigner(workspace, review, options.as);
        const person = await unlockPerson(workspace.stores.identityDir, options.as);
        return reviewAtTerminal(app, workspace, review, person);
      });
      app.emit({ id, said }, () => said);
    });
}

const EXAMPLES = `
Examples:
  custos review list
  custos review open RUN --as rea                look, decide and sign on a terminal
  custos review decide RUN --as rea --approve-all && custos review sign RUN --as rea

A review is named by its own id or by its run's.`;

export const registerReview: RegisterCommand = (program) => {
  const review = program
    .command('review')
    .description('Look at what was redacted, decide, and sign.')
    .addHelpText('after', EXAMPLES);
  registerList(review);
  registerShow(review);
  registerOpen(review);
  registerReviewDecide(review);
  registerReviewSign(review);
};
