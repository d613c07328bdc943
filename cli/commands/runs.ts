import { Option, type Command } from 'commander';
import { appOf, type App, type RegisterCommand } from '../app.js';
import { withClient, withWorkspace } from '../compose.js';
import { CliError } from '../errors.js';
import { describeRuns, listRuns, RUN_STATES, type RunState } from '../run-list.js';
import { noSuchRun } from '../run-standing.js';
import type { RegistryEntry } from '../../schemas/index.js';
import { positiveInteger } from '../option-values.js';

/** Registered adapters; none while the store does not answer, so that runs can be listed then. */
async function registered(app: App): Promise<readonly RegistryEntry[]> {
  try {
    return await withWorkspace(app, ({ stores }) => stores.registry.list());
  } catch {
    app.note('the store does not answer: adapter versions are left out');
    return [];
  }
}

interface ListOptions {
  readonly state?: RunState;
  readonly adapter?: string;
  readonly limit: number;
}

function registerList(program: Command): void {
  program
    .command('runs')
    .description('List the newest runs: state, stage, age, adapter, submitter.')
    .addOption(new Option('--state <state>', 'only runs in this state').choices(STATES))
    .option('--adapter <name>', 'only runs that make this adapter (NAME or NAME@VERSION)')
    .option('--limit <n>', 'at most so many', positiveInteger, 20)
    .addHelpText(
      'after',
      `
Examples:
  custos runs
  custos runs --state failed --limit 5
  custos runs --adapter house-style`,
    )
    .action(async (options: ListOptions, command: Command) => {
      const app = appOf(command);
      const lines = await withClient(app, async (client) =>
        listRuns(client, await registered(app), options),
      );
      app.emit(lines, () => describeRuns(lines, Date.now()));
    });
}

const STATES = Object.keys(RUN_STATES) as RunState[];

function registerCancel(program: Command): void {
  program
    .command('cancel <run>')
    .description('Cancel a run; nothing half-made is kept.')
    .addHelpText(
      'after',
      `
Example:
  custos cancel RUN          ("custos runs --state running" lists them)`,
    )
    .action(async (runId: string, _options: unknown, command: Command) => {
      const app = appOf(command);
      await withClient(app, async (client) => {
        const run = client.workflow.getHandle(runId);
        const { status, type } = await run.describe();
        if (type !== 'fineTune') throw noSuchRun(runId);
        const state = status.name.toLowerCase();
        if (state !== 'running') {
          throw new CliError(
            'USAGE',
            `run ${runId} is ${state} already; there is nothing to cancel`,
          );
        }
        await run.cancel();
      });
      app.emit({ runId, cancelled: true }, () => `cancelling ${runId}; see: custos show ${runId}`);
    });
}

export const registerRuns: RegisterCommand = (program) => {
  registerList(program);
  registerCancel(program);
};
