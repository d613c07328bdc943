import { Command, CommanderError } from 'commander';
import { COMMAND_FILES } from './commands/index.js';
import { describeError } from './describe-error.js';
import { EXIT, exitCodeOf } from './exit-codes.js';
import { packageVersion } from './package-versions.js';

const HELP = `
Exit status of every command: 0 done, 1 failed, 2 invalid input or nothing of that name,
3 refused by a gate or a role, 4 not verified, 5 a server or runtime is missing or does not answer,
130 ended by Ctrl-C, 129 and 143 by a closed window or a stop. An error ends with its code in
capitals, with --json as {"error": {"code"}}.

First steps:
  custos up                      start the embedded servers and a worker
  custos run run.yaml --watch    fine-tune, stage by stage
  custos review list             what waits for a person
  custos lineage adapter NAME    which records made an adapter
  custos evidence export RUN     a folder that verifies without this store`;

/** `custos review sign` of a command, as it is typed. */
function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

const hintOf = (command: Command): string => `(${pathOf(command)} --help teaches it)`;

function hintEverywhere(command: Command): void {
  command.showHelpAfterError(hintOf(command));
  for (const child of command.commands) hintEverywhere(child);
}

/** The program with its options and no command. */
function bareProgram(): Command {
  return new Command('custos')
    .description('Chain of custody for fine-tuning a language model on sensitive data.')
    .version(packageVersion('custos') ?? 'unknown')
    .option('--json', 'print JSON')
    .option(
      '--data-dir <dir>',
      'where servers, keys and store live (default .custos, or CUSTOS_HOME)',
    )
    .option(
      '--servers <file>',
      'use the servers that this file names, not the embedded ones (or CUSTOS_SERVERS)',
    )
    .addHelpText('after', HELP)
    .exitOverride();
}

async function addCommands(program: Command, files: typeof COMMAND_FILES): Promise<void> {
  for (const register of await Promise.all(files.map(({ load }) => load()))) register(program);
  hintEverywhere(program);
}

/** The program with all its commands. */
export async function createProgram(): Promise<Command> {
  const program = bareProgram();
  await addCommands(program, COMMAND_FILES);
  return program;
}

/** Speaks of all the other commands. */
const OVERVIEW = 'completion';

/** The file of the command that the arguments name; all files where none is named, or they ask about all. */
function filesFor(program: Command): typeof COMMAND_FILES {
  const [name = ''] = program.parseOptions(process.argv.slice(2)).operands;
  const named = COMMAND_FILES.filter(({ names }) => name !== OVERVIEW && names.includes(name));
  return named.length === 0 ? COMMAND_FILES : named;
}

function report(error: unknown, json: boolean, hint: string): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.ok;
    const usage = { error: { code: 'USAGE', message: error.message } };
    if (json) process.stdout.write(`${JSON.stringify(usage)}\n`);
    return EXIT.invalid;
  }
  const { code, message } = describeError(error);
  if (json) process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
  else process.stderr.write(`custos: ${message} [${code}]\n${code === 'USAGE' ? `${hint}\n` : ''}`);
  return exitCodeOf(code);
}

/** Runs the command line and sets the exit status; every error becomes a message. */
export async function runProgram(): Promise<void> {
  // A reader that has seen enough ("| head") is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.failed);
  });
  const program = bareProgram();
  let hint = hintOf(program);
  program.hook('preAction', (_, command) => {
    hint = hintOf(command);
  });
  try {
    await addCommands(program, filesFor(program));
    await program.parseAsync();
  } catch (error) {
    process.exitCode = report(error, process.argv.includes('--json'), hint);
  }
}
