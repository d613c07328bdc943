import { InvalidArgumentError, type Command } from 'commander';
import { FRESH_MS } from '../../infra/garbage/index.js';
import { appOf, type RegisterCommand } from '../app.js';
import { withWorkspace } from '../compose.js';
import { collect } from '../garbage.js';
import { describeCollection } from '../garbage-words.js';
import { duration } from '../schedule-options.js';

const LEAST_GRACE_MS = 2 * FRESH_MS;

/** A run may rely on what it has seen less than an hour ago without having touched it since. */
function grace(text: string): number {
  const graceMs = duration(text);
  if (graceMs >= LEAST_GRACE_MS) return graceMs;
  throw new InvalidArgumentError('the shortest grace is 2h.');
}

interface GcOptions {
  readonly grace: number;
  readonly dryRun?: boolean;
}

export const registerGc: RegisterCommand = (program) => {
  program
    .command('gc')
    .description('Remove artifacts of the data bucket that nothing leads to any more.')
    .option('--grace <time>', 'nothing younger goes: 7d, 36h', grace, duration('7d'))
    .option('--dry-run', 'say what would go; remove nothing')
    .addHelpText(
      'after',
      `
Examples:
  custos gc --dry-run
  custos gc --grace 30d

Kept: what leads from adapters of every stage, draws, decisions, holds, open runs, and runs that wrote
evidence within the grace. Nothing goes when Temporal, the store or a list cannot be read. What was
removed is signed and stays in the evidence.`,
    )
    .action(async (options: GcOptions, command: Command) => {
      const app = appOf(command);
      const { grace: graceMs, dryRun = false } = options;
      const done = await withWorkspace(app, (workspace) => collect(workspace, dryRun, { graceMs }));
      app.emit(done, () => describeCollection(done));
    });
};
