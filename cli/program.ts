import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { COMMANDS } from './commands/index.js';
import { describeError } from './describe-error.js';
import { EXIT, exitCodeOf } from './exit-codes.js';

const HELP = `
Exit status: 0 done, 1 failed, 2 invalid input, 3 refused by a gate or a role,
4 not verified, 5 a server or runtime is missing.

First steps:
  custos up                      start the embedded servers and a worker
  custos run run.yaml --watch    fine-tune, stage by stage
  custos review list             what waits for a person
  custos lineage adapter NAME    which records made an adapter
  custos evidence export RUN     a folder that verifies without this store`;

function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

function createProgram(): Command {
  const program = new Command('custos')
    .description('Chain of custody for fine-tuning a language model on sensitive data.')
    .version(version())
    .option('--json', 'print JSON')
    .option(
      '--data-dir <dir>',
      'where servers, keys and store live (default .custos, or CUSTOS_HOME)',
    )
    .addHelpText('after', HELP)
    .showHelpAfterError('(custos --help teaches the commands)')
    .exitOverride();
  for (const register of COMMANDS) register(program);
  return program;
}

function report(error: unknown, json: boolean): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.ok;
    const usage = { error: { code: 'USAGE', message: error.message } };
    if (json) process.stdout.write(`${JSON.stringify(usage)}\n`);
    return EXIT.invalid;
  }
  const { code, message } = describeError(error);
  if (json) process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
  else process.stderr.write(`custos: ${message} [${code}]\n`);
  return exitCodeOf(code);
}

/** Runs the command line and sets the exit status; every error becomes a message. */
export async function runProgram(): Promise<void> {
  // A reader that has seen enough ("| head") is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.failed);
  });
  try {
    await createProgram().parseAsync();
  } catch (error) {
    process.exitCode = report(error, process.argv.includes('--json'));
  }
}
