import type { Command } from 'commander';
import type { ReviewDecision } from '../../schemas/index.js';
import { appOf, table, type RegisterCommand } from '../app.js';
import { withWorkspace, type Workspace } from '../compose.js';
import { unlockPerson } from '../identity.js';
import { decisionsOfItem } from '../review-decisions.js';
import { renderItem } from '../review-screen.js';
import { reviewAtTerminal, wantsColor } from '../review-session.js';
import { openReview, readDraft, type ReviewCase } from '../review-work.js';
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

function describeCase({ id, status, batch }: ReviewCase, draft: readonly ReviewDecision[]): string {
  const head = `${id}  ${status.phase}  ${String(batch.items.length)} items  submitted by ${status.submitter}`;
  const options = { color: wantsColor() };
  const items = batch.items.map((item) =>
    renderItem(item, decisionsOfItem(draft, item.id), options),
  );
  const next = `decide: custos review open ${id} --as PERSON, or decide and sign`;
  return [head, ...items, next].join('\n\n---\n\n');
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
    .addHelpText('after', '\nExample:\n  custos review show RUN-review')
    .action(async (id: string, _options: unknown, command: Command) => {
      const app = appOf(command);
      const found = await withWorkspace(app, async (workspace) => {
        const opened = await openReview(workspace, id);
        return { opened, draft: await readDraft(workspace, opened) };
      });
      const { id: reviewId, status, batch } = found.opened;
      app.emit({ id: reviewId, ...status, items: batch.items, draft: found.draft }, () =>
        describeCase(found.opened, found.draft),
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
        const person = await unlockPerson(workspace.stores.identityDir, options.as);
        return reviewAtTerminal(app, workspace, id, person);
      });
      app.emit({ id, said }, () => said);
    });
}

const EXAMPLES = `
Examples:
  custos review list
  custos review open RUN --as rea                look, decide and sign on a terminal
  custos review decide RUN --approve-all && custos review sign RUN --as rea

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
