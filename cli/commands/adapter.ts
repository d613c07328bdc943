import { resolve } from 'node:path';
import type { Command } from 'commander';
import { appOf, type RegisterCommand } from '../app.js';
import { withWorkspace } from '../compose.js';
import { folderWriter, makeEmptyFolder } from '../folders.js';
import { findAdapter, readAdapterFiles } from '../inference.js';
import { parseAdapter } from './lineage.js';

export const registerAdapter: RegisterCommand = (program) => {
  program
    .command('adapter')
    .description('LoRA adapters as files.')
    .command('export <name> <dir>')
    .description('Write an adapter (NAME or NAME@VERSION) as PEFT files that only you may read.')
    .option('--project <project>', 'project', 'demo')
    .addHelpText(
      'after',
      `
Example:
  custos adapter export support@1 ./support-adapter

Hugging Face peft loads the folder: PeftModel.from_pretrained(base, "./support-adapter")`,
    )
    .action(
      async (text: string, dir: string, { project }: { project: string }, command: Command) => {
        const app = appOf(command);
        const { name, version } = parseAdapter(text);
        const folder = resolve(dir);
        const exported = await withWorkspace(app, async (workspace) => {
          const entry = await findAdapter(workspace, project, name, version);
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
};
