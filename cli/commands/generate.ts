import { InvalidArgumentError, type Command } from 'commander';
import { appOf, type App, type RegisterCommand } from '../app.js';
import { withWorkspace } from '../compose.js';
import { findAdapter, openAnswerer, type Sampling } from '../inference.js';
import { visibleText } from '../review-screen.js';
import { parseAdapter } from './lineage.js';

interface GenerateOptions {
  readonly adapter: string;
  readonly project: string;
  readonly base?: boolean;
  readonly compare?: boolean;
  readonly topP: number;
  readonly temperature: number;
  readonly maxNewTokens: number;
  readonly seed: number;
}

interface Answer {
  readonly from: string;
  readonly text: string;
}

function within(least: number, most: number, whole = false): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
    const kind = whole ? 'a whole number' : 'a number';
    throw new InvalidArgumentError(`give ${kind} from ${String(least)} to ${String(most)}.`);
  };
}

async function answersTo(
  app: App,
  prompt: string,
  options: GenerateOptions,
): Promise<readonly Answer[]> {
  const { adapter, project, base, compare } = options;
  const { topP, temperature, maxNewTokens, seed } = options;
  const sampling: Sampling = { topP, temperature, maxNewTokens, seed };
  const { name, version } = parseAdapter(adapter);
  return withWorkspace(app, async (workspace) => {
    const entry = await findAdapter(workspace, project, name, version);
    const answerer = await openAnswerer(workspace, entry);
    const title = `${entry.name}@${String(entry.version)} (${entry.stage})`;
    app.note(`${title} on ${answerer.backend}`);
    const sides = [
      ...(compare === true || base === true ? [['base model', 'off'] as const] : []),
      ...(compare === true || base !== true ? [[title, 'on'] as const] : []),
    ];
    try {
      const answers: Answer[] = [];
      for (const [from, side] of sides) {
        answers.push({ from, text: await answerer.answer(prompt, side, sampling) });
      }
      return answers;
    } finally {
      await answerer.close();
    }
  });
}

function describe(answers: readonly Answer[]): string {
  const [only] = answers;
  if (answers.length === 1 && only !== undefined) return visibleText(only.text);
  return answers.map(({ from, text }) => `--- ${from}\n${visibleText(text)}`).join('\n\n');
}

export const registerGenerate: RegisterCommand = (program) => {
  program
    .command('generate <prompt>')
    .description('Let an adapter answer, on the base model that its run assessed.')
    .requiredOption('--adapter <name>', 'NAME or NAME@VERSION ("custos adapters" lists them)')
    .option('--project <project>', 'project', 'demo')
    .option('--base', 'let the base model answer instead')
    .option('--compare', 'the base model first, then the adapter')
    .option('--top-p <p>', 'sample from the likeliest tokens of this share', within(0, 1), 0.9)
    .option('--temperature <t>', '0 takes the likeliest token', within(0, 10), 0.7)
    .option('--max-new-tokens <n>', 'at most so many tokens', within(1, 4096, true), 200)
    .option('--seed <n>', 'equal seeds give equal answers', within(0, 0xff_ff_ff_ff, true), 42)
    .addHelpText(
      'after',
      `
Examples:
  custos generate --adapter support "My parcel has not arrived."
  custos generate --adapter support@2 --compare --temperature 0 "Close my account."`,
    )
    .action(async (prompt: string, options: GenerateOptions, command: Command) => {
      const app = appOf(command);
      const answers = await answersTo(app, prompt, options);
      app.emit({ prompt, answers }, () => describe(answers));
    });
};
