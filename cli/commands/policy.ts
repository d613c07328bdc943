import type { Command } from 'commander';
import { stringify } from 'yaml';
import { appOf, type RegisterCommand } from '../app.js';
import { listPacks, loadPolicy } from '../load-files.js';

export const registerPolicy: RegisterCommand = (program) => {
  const policy = program.command('policy').description('Read and check policies.');
  policy
    .command('lint <policy>')
    .description('Check a pack or a policy file, its parents included.')
    .action(async (nameOrPath: string, _options: unknown, command: Command) => {
      const resolved = await loadPolicy(nameOrPath);
      appOf(command).emit(
        { ok: true, name: resolved.name },
        () => `${resolved.name}: no problem found`,
      );
    });
  policy
    .command('show <policy>')
    .description('Print a policy complete, with what it inherits.')
    .action(async (nameOrPath: string, _options: unknown, command: Command) => {
      const resolved = await loadPolicy(nameOrPath);
      appOf(command).emit(resolved, () => stringify(resolved).trimEnd());
    });
  policy
    .command('list')
    .description('Name the packs that come with Custos.')
    .action(async (_options: unknown, command: Command) => {
      const packs = await listPacks();
      appOf(command).emit(packs, () => packs.join('\n'));
    });
};
