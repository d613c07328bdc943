import type { Command } from 'commander';
import { adapterLineage } from '../adapter-lineage.js';
import { adapterText, parseAdapter, PROJECT_OF_ADAPTER } from '../adapter-name.js';
import { describeLineage } from '../adapter-lineage-text.js';
import { appOf, table, type RegisterCommand } from '../app.js';
import { artifactLineage } from '../artifact-lineage.js';
import { withWorkspace } from '../compose.js';
import { CliError } from '../errors.js';
import {
  recordLineage,
  type RecordName,
  type RecordTrace,
  type TrainingUse,
} from '../record-lineage.js';

const USES: Readonly<Record<TrainingUse, string>> = {
  read: 'training read it',
  'not-read': 'in the training set; training stopped before it',
  'held-out': 'held out: measured, never trained on',
  'not-used': 'never reached training',
};

function describeTrace(trace: RecordTrace): readonly string[] {
  const { runId, adapter, outcome, reason, training, spansRemoved } = trace;
  const removed = Object.entries(spansRemoved).map(([type, count]) => `${type} ${String(count)}`);
  return [
    runId,
    adapter ?? 'none',
    outcome + (reason === null ? '' : ` (${reason})`),
    USES[training],
    removed.join(', ') || 'nothing',
  ];
}

const describeTraces = (traces: readonly RecordTrace[]): string =>
  table([
    ['RUN', 'ADAPTER', 'MINIMIZE', 'TRAINING', 'REMOVED FROM IT'],
    ...traces.map(describeTrace),
  ]);

function registerAdapter(lineage: Command): void {
  lineage
    .command('adapter <name>')
    .description('Which records made it, who approved what, which gates it passed.')
    .option('--project <project>', PROJECT_OF_ADAPTER)
    .option('--records', 'print the ids of the records that training read')
    .addHelpText(
      'after',
      `
Examples:
  custos lineage adapter house-style
  custos lineage adapter house-style@1 --records`,
    )
    .action(
      async (text: string, options: { project?: string; records?: boolean }, command: Command) => {
        const app = appOf(command);
        const found = await withWorkspace(app, ({ stores }) =>
          adapterLineage(stores, parseAdapter(text, options.project)),
        );
        app.emit(found, () =>
          options.records === true ? found.records.read.join('\n') : describeLineage(found),
        );
      },
    );
}

interface RecordOptions {
  readonly project?: string;
  readonly source?: string;
  readonly key?: string;
}

/** @throws CliError USAGE without an id or a source and a key */
function recordName(id: string | undefined, { source, key }: RecordOptions): RecordName {
  if (id !== undefined) return { id };
  if (source !== undefined && key !== undefined) return { source, key };
  throw new CliError('USAGE', 'name a record by its id, or with --source and --key');
}

function registerRecord(lineage: Command): void {
  lineage
    .command('record [id]')
    .description('Where a record went: by id, or by its source and primary key.')
    .option('--project <project>', 'runs of this project alone')
    .option('--source <name>', 'logical source name')
    .option('--key <value>', 'primary key in that source')
    .addHelpText(
      'after',
      `
Example:
  custos lineage record --source support --key SUP-000357`,
    )
    .action(async (id: string | undefined, options: RecordOptions, command: Command) => {
      const app = appOf(command);
      const name = recordName(id, options);
      const traces = await withWorkspace(app, ({ stores }) =>
        recordLineage(stores, options.project, name),
      );
      app.emit(traces, () => describeTraces(traces));
    });
}

function registerArtifact(lineage: Command): void {
  lineage
    .command('artifact <digest>')
    .description('The steps that made or read an artifact.')
    .option('--project <project>', 'runs of this project alone')
    .addHelpText(
      'after',
      `
Example:
  custos lineage artifact sha256:DIGEST          ("custos lineage adapter NAME" prints some)`,
    )
    .action(async (digest: string, options: { project?: string }, command: Command) => {
      const app = appOf(command);
      const uses = await withWorkspace(app, ({ stores }) =>
        artifactLineage(stores, options.project, digest),
      );
      app.emit(uses, () => table(uses.map(({ runId, step, as, name }) => [as, step, name, runId])));
    });
}

function registerAdapters(program: Command): void {
  program
    .command('adapters')
    .description('The registry: adapters, versions and stages.')
    .addHelpText(
      'after',
      `
Examples:
  custos adapters
  custos adapters --json`,
    )
    .action(async (_options: unknown, command: Command) => {
      const app = appOf(command);
      const entries = await withWorkspace(app, ({ stores }) => stores.registry.list());
      app.emit(entries, () =>
        entries.length === 0
          ? 'no adapters yet'
          : table(
              entries.map((entry) => {
                const { stage, adapterDigest, runId } = entry;
                return [adapterText(entry), stage, adapterDigest, runId];
              }),
            ),
      );
    });
}

export const registerLineage: RegisterCommand = (program) => {
  const lineage = program
    .command('lineage')
    .description('Where an adapter came from and where a record went.');
  registerAdapter(lineage);
  registerRecord(lineage);
  registerArtifact(lineage);
  registerAdapters(program);
};
