import { Option, type Command } from 'commander';
import { countReasons, REJECT_REASONS, type QuarantinedRow } from '../../domain/record/index.js';
import type { Stores } from '../../infra/runtime/index.js';
import type { RejectReason } from '../../schemas/index.js';
import { appOf, table, type RegisterCommand } from '../app.js';
import { withWorkspace } from '../compose.js';
import { CliError } from '../errors.js';
import { requirePerson, unlockPerson } from '../identity.js';
import { openQuarantine } from '../quarantine.js';
import { createPrivateFile, reingest, type Reingested } from '../reingest.js';

interface Filter {
  readonly reason?: RejectReason;
}

/** Where a row is and why it was refused: what a listing shows. */
type Listed = Omit<QuarantinedRow, 'raw' | 'base64' | 'value' | 'digest'>;

function describeList(rows: readonly Listed[]): string {
  if (rows.length === 0) return 'no row is in quarantine';
  const counts = Object.entries(countReasons(rows));
  return [
    ...counts.map(([reason, count]) => `${reason} ${String(count)}`),
    '',
    table([
      ['source', 'file', 'row', 'byte', 'reason', 'at', 'expected'],
      ...rows.map(({ source, name, row, byteOffset, reason, pointer, expected }) => [
        ...[source, name, String(row), String(byteOffset), reason, pointer, expected],
      ]),
    ]),
  ].join('\n');
}

function registerList(quarantine: Command): void {
  quarantine
    .command('list <run>')
    .description('The rows that a run could not use: file, row, byte offset and reason.')
    .addHelpText('after', '\nExample:\n  custos quarantine list RUN --reason KEY_REPEATED')
    .addOption(new Option('--reason <reason>', 'rows of one reason').choices(REJECT_REASONS))
    .action(async (runId: string, { reason }: Filter, command: Command) => {
      const app = appOf(command);
      const listed = await withWorkspace(app, async ({ stores }) => {
        const rows: Listed[] = [];
        const quarantined = await openQuarantine(stores, runId);
        for await (const { raw: _r, base64: _b, value: _v, digest: _d, ...row } of quarantined.rows(
          reason,
        )) {
          rows.push(row);
        }
        return rows;
      });
      app.emit(listed, () => describeList(listed));
    });
}

interface ExportOptions extends Filter {
  readonly out: string;
  readonly as: string;
}

/** Raw rows leave by someone who may, and proves who they are. @throws CliError ROLE_MISSING */
async function requireExporter(stores: Stores, subject: string): Promise<void> {
  requirePerson(await stores.people(), subject, 'export-raw');
  await unlockPerson(stores.identityDir, subject);
}

function registerExport(quarantine: Command): void {
  quarantine
    .command('export <run>')
    .description('Write the rows themselves, one JSON line each, for somebody to correct.')
    .addHelpText('after', '\nExample:\n  custos quarantine export RUN --out rows.jsonl')
    .requiredOption('--out <file>', 'a new file; only you may read it')
    .option('--as <person>', 'who exports: a submitter or a reviewer', 'engineer')
    .addOption(new Option('--reason <reason>', 'rows of one reason').choices(REJECT_REASONS))
    .action(async (runId: string, options: ExportOptions, command: Command) => {
      const app = appOf(command);
      const written = await withWorkspace(app, async ({ stores }) => {
        await requireExporter(stores, options.as);
        const quarantined = await openQuarantine(stores, runId);
        const file = await createPrivateFile(options.out);
        let count = 0;
        try {
          for await (const row of quarantined.rows(options.reason)) {
            await file.write(`${JSON.stringify(row)}\n`);
            count += 1;
          }
        } finally {
          await file.close();
        }
        return count;
      });
      app.emit({ runId, rows: written, file: options.out }, () =>
        [
          `${String(written)} rows in ${options.out}; it holds raw records, delete it when done`,
          'put each corrected row under "value", as an object with the members that are mapped; then',
          `  custos quarantine reingest ${runId} ${options.out}`,
        ].join('\n'),
      );
    });
}

function describeReingested({ corrections, untouched }: Reingested): string {
  const left = untouched === 0 ? [] : [`${String(untouched)} rows have no "value" and stay out`];
  if (corrections.length === 0) return [...left, 'nothing is corrected'].join('\n');
  return [
    ...left,
    'name the corrections in the run file (paths are relative to it), then run it again:',
    ...corrections.flatMap(({ source, file, rows }) => [
      `    - name: ${source}`,
      `      corrections: ${file}   # ${String(rows)} rows`,
    ]),
  ].join('\n');
}

function registerReingest(quarantine: Command): void {
  quarantine
    .command('reingest <run> <file>')
    .description('Check corrected rows and make them the corrections of the next run.')
    .addHelpText('after', '\nExample:\n  custos quarantine reingest RUN rows.jsonl')
    .option('--out <dir>', 'where the files of corrections go', 'corrections')
    .action(async (runId: string, path: string, options: { out: string }, command: Command) => {
      const app = appOf(command);
      const { sources } = await withWorkspace(app, ({ stores }) => openQuarantine(stores, runId));
      const done = await reingest(path, sources, options.out);
      const [first] = done.wrong;
      if (first !== undefined) {
        const at = first.pointer === '' ? '' : ` at ${first.pointer}`;
        throw new CliError(
          'USAGE',
          `${String(done.wrong.length)} corrected rows are still wrong; line ${String(first.line)}: ${first.reason}${at}, expected ${first.expected}`,
        );
      }
      app.emit(done, () => describeReingested(done));
    });
}

export const registerQuarantine: RegisterCommand = (program) => {
  const quarantine = program
    .command('quarantine')
    .description('Rows that became no record: list, export, correct and take in again.');
  registerList(quarantine);
  registerExport(quarantine);
  registerReingest(quarantine);
};
