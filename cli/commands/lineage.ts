import { appOf, table, type RegisterCommand } from '../app.js';
import { withWorkspace } from '../compose.js';
import { CliError } from '../errors.js';
import {
  adapterLineage,
  artifactLineage,
  recordIdOf,
  recordLineage,
  type AdapterLineage,
} from '../lineage-queries.js';
import { describeCounts } from '../live-view.js';

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
    `reviewed by ${String(review['signer'])}: ${String(review['sample'] ?? '')}`,
    table(
      stages.map(({ step, outcome, counts }) => [`  ${step}`, outcome, describeCounts(counts)]),
    ),
    `trained on ${String(records.length)} records (--records lists their ids)`,
  ].join('\n');
}

export const registerLineage: RegisterCommand = (program) => {
  const lineage = program
    .command('lineage')
    .description('Where an adapter came from and where a record went.');
  lineage
    .command('adapter <name>')
    .description('Which records made it, who approved what, which gates it passed.')
    .option('--project <project>', 'project', 'demo')
    .option('--records', 'print the ids of the records it was trained on')
    .action(async (text: string, options: { project: string; records?: boolean }, command) => {
      const app = appOf(command);
      const { name, version } = parseAdapter(text);
      const found = await withWorkspace(app, ({ stores }) =>
        adapterLineage(stores, options.project, name, version),
      );
      app.emit(found, () =>
        options.records === true ? found.records.join('\n') : describeAdapter(found),
      );
    });
  lineage
    .command('record [id]')
    .description('Where a record went: by id, or by its source and primary key.')
    .option('--project <project>', 'project', 'demo')
    .option('--source <name>', 'logical source name')
    .option('--key <value>', 'primary key in that source')
    .action(
      async (
        id: string | undefined,
        options: { project: string; source?: string; key?: string },
        command,
      ) => {
        const app = appOf(command);
        const { project, source, key } = options;
        if (id === undefined && (source === undefined || key === undefined)) {
          throw new CliError('USAGE', 'name a record by its id, or with --source and --key');
        }
        const traces = await withWorkspace(app, ({ stores }) =>
          recordLineage(stores, project, (steps) =>
            id === undefined
              ? recordIdOf(stores, project, steps, source ?? '', key ?? '')
              : Promise.resolve(id),
          ),
        );
        app.emit(traces, () =>
          traces.length === 0
            ? 'no run has this record'
            : table(
                traces.map((trace) => [
                  trace.runId,
                  trace.adapter ?? 'no adapter',
                  trace.outcome + (trace.reason === null ? '' : ` (${trace.reason})`),
                  trace.trained ? 'trained' : 'not trained',
                  `removed: ${
                    Object.entries(trace.spansRemoved)
                      .map(([type, count]) => `${type} ${String(count)}`)
                      .join(', ') || 'nothing'
                  }`,
                ]),
              ),
        );
      },
    );
  lineage
    .command('artifact <digest>')
    .description('The steps that made or read an artifact.')
    .option('--project <project>', 'project', 'demo')
    .action(async (digest: string, options: { project: string }, command) => {
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
  program
    .command('adapters')
    .description('The registry: adapters, versions and stages.')
    .action(async (_options: unknown, command) => {
      const app = appOf(command);
      const entries = await withWorkspace(app, ({ stores }) => stores.registry.list());
      app.emit(entries, () =>
        entries.length === 0
          ? 'no adapters yet'
          : table(
              entries.map((entry) => [
                `${entry.project}/${entry.name}@${String(entry.version)}`,
                entry.stage,
                entry.adapterDigest,
                entry.runId,
              ]),
            ),
      );
    });
};
