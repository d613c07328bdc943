import type { Command } from 'commander';
import { tryBackends } from '../../infra/compute/index.js';
import { doctor, type DoctorCheck } from '../../infra/local/index.js';
import { checkServers, configuredServers } from '../../infra/servers/index.js';
import { appOf, table, type RegisterCommand } from '../app.js';
import { describeBackend, type BackendChoice } from '../backend-choice.js';
import { EXIT } from '../exit-codes.js';
import { checkStored } from '../store-checks.js';

const MARKS = { passed: 'ok', failed: 'FAILED', optional: 'no' } as const;

function lineOf({ name, ok, required, detail, hint }: DoctorCheck): readonly string[] {
  const mark = ok ? MARKS.passed : required ? MARKS.failed : MARKS.optional;
  return [mark, name, ok || hint === undefined ? detail : `${detail}. ${hint}`];
}

function describe(checks: readonly DoctorCheck[], compute: BackendChoice): string {
  const failed = checks.filter(({ ok, required }) => required && !ok).length;
  return [
    table(checks.map(lineOf)),
    `training runs on ${compute.backend}: ${compute.reason}`,
    failed === 0
      ? 'everything that is required is there'
      : `${String(failed)} required check${failed === 1 ? '' : 's'} failed`,
  ].join('\n');
}

export const registerDoctor: RegisterCommand = (program) => {
  program
    .command('doctor')
    .description('Check what the servers, the worker and training need; changes nothing.')
    .option('--no-store', 'do not look through the store, which takes time on a large one')
    .addHelpText(
      'after',
      `
Example:
  custos doctor

With servers that run it also looks through the store: orphans that "custos gc" would remove, references
that lead to nothing, half-written objects.`,
    )
    .action(async (options: { readonly store: boolean }, command: Command) => {
      const app = appOf(command);
      const { dataDir } = app;
      const servers = await configuredServers({ dataDir, file: app.servers });
      const machine = await doctor({ dataDir, embedded: servers === undefined });
      const first =
        servers === undefined ? machine : [...machine, ...(await checkServers(servers))];
      const sound = first.every((check) => check.ok || !check.required);
      const checks = [...first, ...(sound && options.store ? await checkStored(app) : [])];
      const compute = describeBackend(await tryBackends());
      const ok = compute.backend !== 'none' && checks.every((check) => check.ok || !check.required);
      app.emit({ ok, checks, compute }, () => describe(checks, compute));
      if (!ok) process.exitCode = EXIT.unavailable;
    });
};
