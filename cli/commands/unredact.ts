import { access, constants } from 'node:fs/promises';
import type { Command } from 'commander';
import { readSecretFile } from '../../infra/keys/index.js';
import type { RegisterCommand } from '../app.js';
import { CliError } from '../errors.js';
import { openFileSink, standardOutput } from '../redact-output.js';
import { restoreText } from '../redact-vault.js';

interface UnredactOptions {
  readonly vault: string;
  readonly vaultKey: string;
  readonly out?: string;
}

async function requireReadable(what: string, path: string): Promise<void> {
  try {
    await access(path, constants.R_OK);
  } catch (cause) {
    throw new CliError('USAGE', `the ${what} ${path} cannot be read; check the path`, { cause });
  }
}

async function run({ vault, vaultKey, out }: UnredactOptions, _command: Command): Promise<void> {
  await requireReadable('vault', vault);
  await requireReadable('key of the vault,', vaultKey);
  const key = readSecretFile(vaultKey);
  const sink = out === undefined ? standardOutput : await openFileSink(out);
  try {
    for await (const piece of restoreText(process.stdin, vault, key)) await sink.write(piece);
    await sink.commit();
  } catch (error) {
    await sink.discard();
    throw error;
  }
}

export const registerUnredact: RegisterCommand = (program) => {
  program
    .command('unredact')
    .description('Restore the input of "custos redact" from its output and its vault.')
    .requiredOption('--vault <file>', 'the vault that was written with the output')
    .requiredOption('--vault-key <file>', 'its key')
    .option('--out <file>', 'a file in place of standard output; there only when all was checked')
    .addHelpText(
      'after',
      `
Each piece is compared with the vault before it is written. With --out nothing is left behind when
the end does not fit; a shell's > out may hold the pieces before it.

Example:
  custos unredact --vault note.vault --vault-key note.key --out note.txt < clean.txt`,
    )
    .action(run);
};
