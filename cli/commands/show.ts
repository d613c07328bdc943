import type { Command } from 'commander';
import { appOf, type App, type RegisterCommand } from '../app.js';
import { withClient, withWorkspace } from '../compose.js';
import { CliError } from '../errors.js';
import { EXIT } from '../exit-codes.js';
import { goOnWith, whileWatching } from '../interrupt.js';
import { showRun } from '../live-view.js';
import { readRunSteps, type RunStep } from '../run-evidence.js';
import { describeOutcome, outcomeOf } from '../run-outcome.js';
import { runReport, viewOf, type LiveSide, type RunReport } from '../run-report.js';
import { describeRun } from '../run-report-text.js';
import { describeStanding, noSuchRun, standingOf } from '../run-standing.js';
import { describeWhy, explainSteps } from '../run-why.js';
import { watchRun } from '../run-watcher.js';
import { announceReview } from '../announce-review.js';

async function watch(app: App, runId: string): Promise<void> {
  await withClient(app, async (client) => {
    await whileWatching(goOnWith(runId), () =>
      showRun(watchRun(client, runId), announceReview(app), { silent: app.json }),
    );
    const outcome = await outcomeOf({ client }, runId);
    app.emit(outcome, () => describeOutcome(outcome));
    if (outcome.shutGates.length > 0) process.exitCode = EXIT.refused;
  });
}

async function liveSide(app: App, runId: string): Promise<LiveSide> {
  return withClient(app, async (client) => {
    const standing = await standingOf(client, runId);
    const view = standing && (await viewOf(client, runId));
    return { ...(standing && { standing }), ...(view && { view }) };
  });
}

/** A run that has not signed a stage yet has no evidence, and is one nevertheless. */
function noEvidence(error: unknown): readonly RunStep[] {
  if (error instanceof CliError && error.code === 'NOT_FOUND') return [];
  throw error;
}

async function reportOn(app: App, runId: string): Promise<RunReport> {
  const live = await liveSide(app, runId);
  try {
    return await withWorkspace(app, async ({ stores }) => {
      const steps = await readRunSteps(stores, runId).catch(noEvidence);
      if (live.standing === undefined && steps.length === 0) throw noSuchRun(runId);
      return runReport(stores, runId, steps, live);
    });
  } catch (error) {
    // While the store is down, what the workflow says is all that can be told.
    if (live.standing !== undefined) app.note(describeStanding(live.standing));
    throw error;
  }
}

async function why(app: App, runId: string): Promise<void> {
  const explained = await withWorkspace(app, async ({ stores }) =>
    explainSteps(stores, runId, await readRunSteps(stores, runId)),
  );
  app.emit(explained, () => describeWhy(explained));
}

export const registerShow: RegisterCommand = (program) => {
  program
    .command('show <run>')
    .description('A run from its evidence: stages, review, adapter, gates, leak report.')
    .option('--watch', 'follow it to its end')
    .option('--why', 'of each step: computed, reused from which run, or what changed')
    .addHelpText(
      'after',
      `
Examples:
  custos show RUN            ("custos runs" lists them)
  custos show RUN --watch
  custos show RUN --why      why a step was computed again
  custos show RUN --json     all of it, with every signed step`,
    )
    .action(
      async (runId: string, options: { watch?: boolean; why?: boolean }, command: Command) => {
        const app = appOf(command);
        if (options.watch === true) {
          await watch(app, runId);
          return;
        }
        if (options.why === true) {
          await why(app, runId);
          return;
        }
        const report = await reportOn(app, runId);
        app.emit(report, () => describeRun(report));
      },
    );
};
