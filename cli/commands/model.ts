import { resolve } from 'node:path';
import type { Command } from 'commander';
import { digestJson } from '../../domain/lineage/index.js';
import { fingerprintDirectory } from '../../infra/sources/index.js';
import { appOf, type RegisterCommand } from '../app.js';

export const registerModel: RegisterCommand = (program) => {
  program
    .command('model')
    .description('Base models.')
    .command('digest <directory>')
    .description('Print the revision that a run file pins (/baseModel/revision).')
    .addHelpText(
      'after',
      `
Example:
  custos model digest models/tiny/model`,
    )
    .action(async (directory: string, _options: unknown, command: Command) => {
      const files = await fingerprintDirectory(resolve(directory));
      const revision = digestJson(files);
      appOf(command).emit({ revision, files }, () => revision);
    });
};
