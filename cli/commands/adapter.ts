import { resolve } from 'node:path';
import type { Command } from 'commander';
import { findAdapter, parseAdapter, PROJECT_OF_ADAPTER } from '../adapter-name.js';
import { appOf, type RegisterCommand } from '../app.js';
import { changeAdapter, findToChange, requireRole, type ChangeName } from '../change-adapter.js';
import { withWorkspace } from '../compose.js';
import { CliError } from '../errors.js';
import { reasonText } from '../option-values.js';
import { folderWriter, makeEmptyFolder } from '../folders.js';
import { unlockPerson } from '../identity.js';
import { readAdapterFiles } from '../inference.js';

function registerExport(adapter: Command): void {
  adapter
    .command('export <name> <dir>')
    .description('Write an adapter (NAME or NAME@VERSION) as PEFT files that only you may read.')
    .option('--project <project>', PROJECT_OF_ADAPTER)
    .addHelpText(
      'after',
      `
Example:
  custos adapter export support@1 ./support-adapter

Hugging Face peft loads the folder: PeftModel.from_pretrained(base, "./support-adapter")`,
    )
    .action(
      async (text: string, dir: string, { project }: { project?: string }, command: Command) => {
        const app = appOf(command);
        const folder = resolve(dir);
        const exported = await withWorkspace(app, async (workspace) => {
          const entry = await findAdapter(workspace.stores, parseAdapter(text, project));
          const files = Object.entries<Uint8Array>({
            ...(await readAdapterFiles(workspace, entry)),
          });
          await makeEmptyFolder(folder);
          const write = folderWriter(folder);
          for (const [path, bytes] of files) await write(path, bytes);
          return { entry, files: files.map(([path]) => path) };
        });
        const { entry, files } = exported;
        app.emit({ folder, files, adapterDigest: entry.adapterDigest, stage: entry.stage }, () =>
          [
            `${entry.name}@${String(entry.version)} (${entry.stage}) in ${folder}`,
            ...files.map((file) => `  ${file}`),
          ].join('\n'),
        );
      },
    );
}

interface ChangeOptions {
  readonly project?: string;
  readonly as: string;
  readonly reason: string;
}

interface ChangeText {
  readonly description: string;
  readonly help: string;
}

const TEXTS: Readonly<Record<ChangeName, ChangeText>> = {
  promote: {
    description: 'Release a candidate; a releaser signs, who is not its submitter.',
    help: `
Example:
  custos adapter promote support@3 --as rea --reason "audit read, figures agreed"

Without a version the newest candidate is meant. It is refused while the release gate is shut, when a
demo signature stands behind the adapter, to the run's own submitter where the policy separates the
two, and when the approval of its data has ended (review.approvalValidDays).`,
  },
  revoke: {
    description: 'Withdraw a version for good; a releaser or reviewer signs.',
    help: `
Example:
  custos adapter revoke support@3 --as rea --reason "a customer withdrew consent"

A revoked version is never released again. Name the version: this cannot be taken back.`,
  },
  rollback: {
    description: 'Take a release back to candidate, so that the release before it counts again.',
    help: `
Example:
  custos adapter rollback support --as rea --reason "answers got worse"

Without a version the newest release is meant. An earlier release has to be left; else revoke it.`,
  },
};

function registerChange(adapter: Command, change: ChangeName): void {
  const { description, help } = TEXTS[change];
  adapter
    .command(`${change} <name>`)
    .description(description)
    .option('--project <project>', PROJECT_OF_ADAPTER)
    .requiredOption('--as <person>', 'who signs (see "custos identity")')
    .requiredOption('--reason <text>', 'why; it is signed and kept for good', reasonText)
    .addHelpText('after', help)
    .action(async (text: string, options: ChangeOptions, command: Command) => {
      const app = appOf(command);
      const { project, as, reason } = options;
      const wanted = parseAdapter(text, project);
      if (change === 'revoke' && wanted.version === undefined) {
        throw new CliError('USAGE', 'name the version to revoke, as NAME@VERSION');
      }
      const entry = await withWorkspace(app, async (workspace) => {
        const found = await findToChange(workspace, change, wanted);
        await requireRole(workspace, change, as);
        const person = await unlockPerson(workspace.stores.identityDir, as);
        return changeAdapter(workspace, change, found, person, reason);
      });
      app.emit(entry, () => `${entry.name}@${String(entry.version)} is ${entry.stage}`);
    });
}

export const registerAdapter: RegisterCommand = (program) => {
  const adapter = program
    .command('adapter')
    .description('LoRA adapters: export one as files, promote, revoke or roll back.');
  registerExport(adapter);
  for (const change of ['promote', 'revoke', 'rollback'] as const) registerChange(adapter, change);
};
