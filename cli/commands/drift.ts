import type { Command } from 'commander';
import { compareDatasets, readFigures } from '../../domain/drift/index.js';
import { appOf, type RegisterCommand } from '../app.js';
import { withWorkspace } from '../compose.js';
import { describeDrift } from '../drift-words.js';
import { projectOfRun } from '../run-people.js';

export const registerDrift: RegisterCommand = (program) => {
  program
    .command('drift <before> <after>')
    .description('What changed between the datasets of two runs: sizes, lengths, entities, words.')
    .addHelpText(
      'after',
      `
Example:
  custos drift RUN1 RUN2          ("custos runs" lists them)

Each figure is ranked stable, shifted or changed. Lengths go by the population stability index (0.1
and 0.25), words by the Jensen-Shannon divergence of their tokens (0.05 and 0.15 bit), entity types by
their rate in a thousand records; what chance alone would give is stable.`,
    )
    .action(async (before: string, after: string, _options: unknown, command: Command) => {
      const app = appOf(command);
      const report = await withWorkspace(app, async ({ stores }) => {
        const figures = async (runId: string) =>
          readFigures(stores, await projectOfRun(stores, runId), runId);
        return compareDatasets(await figures(before), await figures(after));
      });
      app.emit(report, () => describeDrift(report));
    });
};
