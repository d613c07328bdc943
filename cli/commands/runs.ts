import type { Client } from '@temporalio/client';
import type { Command } from 'commander';
import { appOf, table, type RegisterCommand } from '../app.js';
import { withClient, withWorkspace } from '../compose.js';
import { readRunSteps, type RunStep } from '../run-evidence.js';
import { describeCounts, showRun } from '../live-view.js';
import { describeOutcome, outcomeOf } from '../run-outcome.js';
import { describeStanding, noSuchRun, standingOf } from '../run-standing.js';
import { watchRun } from '../run-watcher.js';
import { announceReview, positiveInteger } from './run.js';

interface RunLine {
  readonly runId: string;
  readonly status: string;
  readonly startedAt: string;
  readonly seconds: number | null;
}

async function listRuns(client: Client, limit: number): Promise<RunLine[]> {
  const lines: RunLine[] = [];
  for await (const info of client.workflow.list({ query: 'WorkflowType = "fineTune"' })) {
    const end = info.closeTime;
    lines.push({
      runId: info.workflowId,
      status: info.status.name.toLowerCase(),
      startedAt: info.startTime.toISOString(),
      seconds: end === undefined ? null : (end.getTime() - info.startTime.getTime()) / 1000,
    });
    if (lines.length >= limit) break;
  }
  return lines;
}

function describeSteps(steps: readonly RunStep[]): string {
  return table(
    steps.map(({ run, result }) => [
      run.step,
      run.outcome,
      `${((Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000).toFixed(1)} s`,
      describeCounts(result.counts),
    ]),
  );
}

export const registerRuns: RegisterCommand = (program) => {
  program
    .command('runs')
    .description('List the newest runs.')
    .option('--limit <n>', 'at most so many', positiveInteger, 20)
    .action(async (options: { limit: number }, command: Command) => {
      const app = appOf(command);
      const lines = await withClient(app, (client) => listRuns(client, options.limit));
      app.emit(lines, () =>
        lines.length === 0
          ? 'no runs yet'
          : table(
              lines.map(({ runId, status, startedAt, seconds }) => [
                runId,
                status,
                startedAt.slice(0, 19),
                seconds === null ? '' : `${seconds.toFixed(0)} s`,
              ]),
            ),
      );
    });
  program
    .command('show <run>')
    .description('The stages of a run: computed or reused, by whom, with what result.')
    .option('--watch', 'follow it to its end')
    .action(async (runId: string, options: { watch?: boolean }, command: Command) => {
      const app = appOf(command);
      if (options.watch === true) {
        await withClient(app, async (client) => {
          await showRun(watchRun(client, runId), announceReview(app));
          const outcome = await outcomeOf({ client }, runId);
          app.emit(outcome, () => describeOutcome(outcome));
        });
        return;
      }
      const standing = await withClient(app, (client) => standingOf(client, runId));
      if (standing !== undefined) app.note(describeStanding(standing));
      const steps = await withWorkspace(app, ({ stores }) => readRunSteps(stores, runId));
      if (standing === undefined && steps.length === 0) throw noSuchRun(runId);
      app.emit({ ...standing, steps }, () => describeSteps(steps));
    });
  program
    .command('cancel <run>')
    .description('Cancel a run; nothing half-made is kept.')
    .action(async (runId: string, _options: unknown, command: Command) => {
      const app = appOf(command);
      await withClient(app, (client) => client.workflow.getHandle(runId).cancel());
      app.emit({ runId, cancelled: true }, () => `cancelling ${runId}`);
    });
};
