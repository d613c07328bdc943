import { createInterface, type Interface } from 'node:readline';
import type { Command } from 'commander';
import type { Message } from '../../domain/tokenize/index.js';
import { parseAdapter, PROJECT_OF_ADAPTER } from '../adapter-name.js';
import { appOf, type App, type RegisterCommand } from '../app.js';
import { withWorkspace, type Workspace } from '../compose.js';
import { CliError } from '../errors.js';
import { findAnswering, openAnswerer, type Answerer, type Sampling } from '../inference.js';
import { visibleText } from '../review-screen.js';
import { addSamplingOptions, samplingOf, type SamplingOptions } from '../sampling-options.js';

interface ChatOptions extends SamplingOptions {
  readonly adapter?: string;
  readonly project?: string;
  readonly base?: boolean;
}

const HELP = '/base and /adapter switch who answers, /new starts again, /quit or Ctrl-C leaves';

/** The named adapter, or the only one that there is. @throws CliError NOT_FOUND, USAGE, ADAPTER_REVOKED */
async function chosen(workspace: Workspace, { adapter, project }: ChatOptions) {
  if (adapter !== undefined) return findAnswering(workspace, parseAdapter(adapter, project));
  const entries = await workspace.stores.registry.list(project);
  const names = [...new Set(entries.map((entry) => `${entry.project}/${entry.name}`))];
  const [only] = names;
  if (names.length === 1 && only !== undefined) return findAnswering(workspace, parseAdapter(only));
  throw new CliError(
    'NOT_FOUND',
    names.length === 0
      ? `there is no adapter yet${project === undefined ? '' : ` in project ${project}`}; "custos run" makes one`
      : `say which adapter with --adapter: ${names.join(', ')}`,
  );
}

interface Conversation {
  readonly messages: Message[];
  side: 'on' | 'off';
}

/** Does what a line that begins with a slash says; false to leave. */
function obey(line: string, conversation: Conversation, say: (text: string) => void): boolean {
  if (line === '/quit') return false;
  if (line === '/base' || line === '/adapter') {
    conversation.side = line === '/base' ? 'off' : 'on';
    say(line === '/base' ? 'the base model answers' : 'the adapter answers');
  } else if (line === '/new') {
    conversation.messages.length = 0;
    say('a new conversation');
  } else say(HELP);
  return true;
}

/** Lets the model answer the conversation, to standard output as it speaks. */
async function reply(
  answerer: Answerer,
  { messages, side }: Conversation,
  sampling: Sampling,
): Promise<void> {
  const answer = await answerer.answer(messages, side, sampling, (text) => {
    process.stdout.write(visibleText(text));
  });
  process.stdout.write('\n');
  messages.push({ role: 'assistant', content: answer });
}

/** Reads lines until their end, /quit or Ctrl-C, which also ends an answer that is being given. */
async function converse(
  app: App,
  lines: Interface,
  answerer: Answerer,
  conversation: Conversation,
  sampling: Sampling,
): Promise<void> {
  const leaving = new AbortController();
  const leave = (): void => {
    leaving.abort();
    lines.close();
    void answerer.close();
  };
  lines.on('SIGINT', leave);
  process.once('SIGINT', leave);
  try {
    lines.prompt();
    for await (const raw of lines) {
      const line = raw.trim();
      if (line.startsWith('/')) {
        if (
          !obey(line, conversation, (text) => {
            app.note(text);
          })
        )
          break;
      } else if (line !== '') {
        conversation.messages.push({ role: 'user', content: line });
        await reply(answerer, conversation, sampling);
      }
      lines.prompt();
    }
  } catch (error) {
    // Whoever leaves ends the thread in the middle of its answer.
    if (!leaving.signal.aborted) throw error;
    process.stdout.write('\n');
  } finally {
    process.off('SIGINT', leave);
    lines.close();
  }
}

async function chat(app: App, options: ChatOptions): Promise<void> {
  await withWorkspace(app, async (workspace) => {
    const entry = await chosen(workspace, options);
    const answerer = await openAnswerer(workspace, entry);
    app.note(`${entry.name}@${String(entry.version)} (${entry.stage}) on ${answerer.backend}`);
    app.note(HELP);
    const lines = createInterface({
      input: process.stdin,
      output: process.stdin.isTTY ? process.stdout : undefined,
      prompt: '> ',
    });
    const conversation: Conversation = { messages: [], side: options.base === true ? 'off' : 'on' };
    try {
      await converse(app, lines, answerer, conversation, samplingOf(options));
    } finally {
      await answerer.close();
    }
  });
}

export const registerChat: RegisterCommand = (program) => {
  const command = program
    .command('chat')
    .description('Talk with an adapter on its base model; what is said is not kept.')
    .option('--adapter <name>', 'NAME or NAME@VERSION; the only one when left out')
    .option('--project <project>', PROJECT_OF_ADAPTER)
    .option('--base', 'let the base model answer at first');
  addSamplingOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  custos chat --adapter support
  custos chat --adapter support@2 --temperature 0 --stop "###"`,
    )
    .action((options: ChatOptions, own: Command) => chat(appOf(own), options));
};
