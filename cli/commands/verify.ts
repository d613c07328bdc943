import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { parseKeyring, verifyBundle } from '../../domain/evidence/index.js';
import type { VerificationReport } from '../../schemas/index.js';
import { appOf, type RegisterCommand } from '../app.js';
import { withWorkspace } from '../compose.js';
import { CliError } from '../errors.js';
import { EXIT } from '../exit-codes.js';
import { folderReader } from '../folders.js';
import { describeVerification } from '../verification.js';
import { verifyRun } from '../verify-run.js';

interface VerifyOptions {
  readonly offline?: boolean;
  readonly key?: string;
}

async function verifyFolder(folder: string, key: string | undefined): Promise<VerificationReport> {
  if (key === undefined) {
    throw new CliError(
      'USAGE',
      'give the public keys that you trust: --key KEYRING ("custos identity keyring" writes one)',
    );
  }
  const bytes = await readFile(key).catch((cause: unknown) => {
    throw new CliError('USAGE', `the keyring ${key} cannot be read; check the path`, { cause });
  });
  return verifyBundle(await folderReader(resolve(folder)), parseKeyring(bytes, key));
}

export const registerVerify: RegisterCommand = (program) => {
  program
    .command('verify <target>')
    .description('Check a run against the store, or an exported folder with no store at all.')
    .option('--offline', 'the target is a folder from "evidence export"; reads nothing else')
    .option('--key <keyring>', 'with --offline: the public keys that you trust')
    .addHelpText(
      'after',
      `
Examples:
  custos verify RUN
  custos verify evidence --offline --key evidence-keys.json

Whatever does not verify is named, with its file.`,
    )
    .action(async (target: string, options: VerifyOptions, command: Command) => {
      const app = appOf(command);
      const report =
        options.offline === true
          ? await verifyFolder(target, options.key)
          : await withWorkspace(app, (workspace) => verifyRun(workspace, target));
      app.emit(report, () => describeVerification(report, target));
      if (!report.ok) process.exitCode = EXIT.unverified;
    });
};
