import type { Command } from 'commander';
import type { Stores } from '../../infra/runtime/index.js';
import { appOf, table, type RegisterCommand } from '../app.js';
import { withWorkspace } from '../compose.js';
import { CliError } from '../errors.js';
import {
  adapterLineage,
  artifactLineage,
  recordIdOf,
  recordLineage,
  type AdapterLineage,
  type RecordTrace,
} from '../lineage-queries.js';
import { describeCounts } from '../live-view.js';
import type { RunStep } from '../run-evidence.js';

/** `name` or `name@version`. */
export function parseAdapter(text: string): { readonly name: string; readonly version?: number } {
  const [name = '', version] = text.split('@');
  if (version === undefined) return { name };
  if (/^[1-9]\d*$/.test(version)) return { name, version: Number(version) };
  throw new CliError('USAGE', 'an adapter is NAME or NAME@VERSION');
}

function describeAdapter({ entry, stages, review, records }: AdapterLineage): string {
  return [
    `${entry.name}@${String(entry.version)}  ${entry.stage}  ${entry.adapterDigest}`,
    `run ${entry.runId}, submitted by ${entry.submitter.subject}, base model ${entry.baseModelRevision}`,
    `reviewed by ${String(review['signer'])}: ${typeof review['sample'] === 'string' ? review['sample'] : ''}`,
    table(
      stages.map(({ step, outcome, counts }) => [`  ${step}`, outcome, describeCounts(counts)]),
    ),
    `trained on ${String(records.length)} records (--records lists their ids)`,
  ].join('\n');
}

function describeTrace(trace: RecordTrace): readonly string[] {
  const removed = Object.entries(trace.spansRemoved).map(
    ([type, count]) => `${type} ${String(count)}`,
  );
  return [
    trace.runId,
    trace.adapter ?? 'no adapter',
    trace.outcome + (trace.reason === null ? '' : ` (${trace.reason})`),
    trace.trained ? 'trained' : 'not trained',
    `removed: ${removed.join(', ') || 'nothing'}`,
  ];
}

function registerAdapter(lineage: Command): void {
  lineage
    .command('adapter <name>')
    .description('Which records made it, who approved what, which gates it passed.')
    .option('--project <project>', 'project', 'demo')
    .option('--records', 'print the ids of the records it was trained on')
    .action(
      async (text: string, options: { project: string; records?: boolean }, command: Command) => {
        const app = appOf(command);
        const { name, version } = parseAdapter(text);
        const found = await withWorkspace(app, ({ stores }) =>
          adapterLineage(stores, options.project, name, version),
        );
        app.emit(found, () =>
          options.records === true ? found.records.join('\n') : describeAdapter(found),
        );
      },
    );
}

interface RecordOptions {
  readonly project: string;
  readonly source?: string;
  readonly key?: string;
}

/** A record's id in each run: the given one, or that of its primary key under the run's key. */
function idFinder(
  id: string | undefined,
  { project, source, key }: RecordOptions,
): (stores: Stores, steps: readonly RunStep[]) => Promise<string> {
  if (id !== undefined) return () => Promise.resolve(id);
  if (source === undefined || key === undefined) {
    throw new CliError('USAGE', 'name a record by its id, or with --source and --key');
  }
  return (stores, steps) => recordIdOf(stores, project, steps, source, key);
}

function registerRecord(lineage: Command): void {
  lineage
    .command('record [id]')
    .description('Where a record went: by id, or by its source and primary key.')
    .option('--project <project>', 'project', 'demo')
    .option('--source <name>', 'logical source name')
    .option('--key <value>', 'primary key in that source')
    .action(async (id: string | undefined, options: RecordOptions, command: Command) => {
      const app = appOf(command);
      const idIn = idFinder(id, options);
      const traces = await withWorkspace(app, ({ stores }) =>
        recordLineage(stores, options.project, (steps) => idIn(stores, steps)),
      );
      app.emit(traces, () =>
        traces.length === 0 ? 'no run has this record' : table(traces.map(describeTrace)),
      );
    });
}

function registerArtifact(lineage: Command): void {
  lineage
    .command('artifact <digest>')
    .description('The steps that made or read an artifact.')
    .option('--project <project>', 'project', 'demo')
    .action(async (digest: string, options: { project: string }, command: Command) => {
      const app = appOf(command);
      const uses = await withWorkspace(app, ({ stores }) =>
        artifactLineage(stores, options.project, digest),
      );
      app.emit(uses, () =>
        uses.length === 0
          ? 'no run made or read it'
          : table(uses.map(({ runId, step, as, name }) => [as, step, name, runId])),
      );
    });
}

function registerAdapters(program: Command): void {
  program
    .command('adapters')
    .description('The registry: adapters, versions and stages.')
    .action(async (_options: unknown, command: Command) => {
      const app = appOf(command);
      const entries = await withWorkspace(app, ({ stores }) => stores.registry.list());
      app.emit(entries, () =>
        entries.length === 0
          ? 'no adapters yet'
          : table(
              entries.map(({ project, name, version, stage, adapterDigest, runId }) => [
                `${project}/${name}@${String(version)}`,
                stage,
                adapterDigest,
                runId,
              ]),
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
