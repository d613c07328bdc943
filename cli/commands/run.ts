import type { Command } from 'commander';
import type { RunOutcome } from '../../workflows/messages.js';
import { announceReview } from '../announce-review.js';
import { appOf, type App, type RegisterCommand } from '../app.js';
import { withWorkspace, type Workspace } from '../compose.js';
import { EXIT } from '../exit-codes.js';
import { requirePerson, unlockPerson } from '../identity.js';
import { goOnWith, whileWatching } from '../interrupt.js';
import { showRun } from '../live-view.js';
import { loadRun } from '../load-files.js';
import { positiveInteger } from '../option-values.js';
import { readRunSteps } from '../run-evidence.js';
import { originsOf } from '../stage-lines.js';
import { watchRun } from '../run-watcher.js';
import { describeOutcome, outcomeOf } from '../run-outcome.js';
import { submitRun } from '../submit.js';

interface RunOptions {
  readonly watch?: boolean;
  readonly as: string;
  readonly maxSteps?: number;
}

async function finish(app: App, workspace: Workspace, runId: string): Promise<void> {
  const outcome: RunOutcome = await outcomeOf(workspace, runId);
  const origins = originsOf(await readRunSteps(workspace.stores, runId));
  app.emit(outcome, () => describeOutcome(outcome, origins));
  if (outcome.shutGates.length > 0) process.exitCode = EXIT.refused;
}

export const registerRun: RegisterCommand = (program) => {
  program
    .command('run <file>')
    .description('Submit a run file; --watch follows it to the release gate.')
    .option('--watch', 'show the stages as they go and wait for the end')
    .option('--as <person>', 'who submits (see "custos identity")', 'engineer')
    .option('--max-steps <n>', 'stop training after n optimizer steps', positiveInteger)
    .addHelpText(
      'after',
      `
Examples:
  custos run samples/run.yaml --as demo-engineer
  custos run my-run.yaml --as ana --watch

The run goes on when this window closes or Ctrl-C ends the watching; "custos cancel RUN" ends it.`,
    )
    .action(async (file: string, options: RunOptions, command: Command) => {
      const app = appOf(command);
      const loaded = await loadRun(file);
      const { maxSteps } = options;
      const request =
        maxSteps === undefined
          ? loaded.request
          : { ...loaded.request, train: { ...loaded.request.train, maxSteps } };
      await withWorkspace(app, async (workspace) => {
        requirePerson(await workspace.stores.people(), options.as, 'submit');
        const submitter = await unlockPerson(workspace.stores.identityDir, options.as);
        const { runId } = await submitRun(workspace, { ...loaded, request }, submitter);
        if (options.watch !== true) {
          app.emit({ runId }, () => `${runId}\nfollow it: custos show ${runId} --watch`);
          return;
        }
        app.note(`run ${runId}`);
        await whileWatching(goOnWith(runId), async () => {
          if (!app.json) await showRun(watchRun(workspace.client, runId), announceReview(app));
          await finish(app, workspace, runId);
        });
      });
    });
};
