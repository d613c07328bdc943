import type { Command } from 'commander';
import { parseAdapter, PROJECT_OF_ADAPTER } from '../adapter-name.js';
import { appOf, type App, type RegisterCommand } from '../app.js';
import { withWorkspace } from '../compose.js';
import { findAnswering, openAnswerer } from '../inference.js';
import { visibleText } from '../review-screen.js';
import { addSamplingOptions, samplingOf, type SamplingOptions } from '../sampling-options.js';

interface GenerateOptions extends SamplingOptions {
  readonly adapter: string;
  readonly project?: string;
  readonly base?: boolean;
  readonly compare?: boolean;
}

interface Answer {
  readonly from: string;
  readonly text: string;
}

async function answersTo(
  app: App,
  prompt: string,
  options: GenerateOptions,
  streamed: boolean,
): Promise<readonly Answer[]> {
  const { adapter, project, base, compare } = options;
  const sampling = samplingOf(options);
  const messages = [{ role: 'user', content: prompt }] as const;
  return withWorkspace(app, async (workspace) => {
    const entry = await findAnswering(workspace, parseAdapter(adapter, project));
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
        if (streamed && sides.length > 1) process.stdout.write(`--- ${from}\n`);
        const text = await answerer.answer(messages, side, sampling, (part) => {
          if (streamed) process.stdout.write(visibleText(part));
        });
        answers.push({ from, text });
        if (streamed) process.stdout.write(sides.length > 1 ? '\n\n' : '\n');
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
  const command = program
    .command('generate <prompt>')
    .description('Let an adapter answer, on the base model that its run assessed.')
    .requiredOption('--adapter <name>', 'NAME or NAME@VERSION ("custos adapters" lists them)')
    .option('--project <project>', PROJECT_OF_ADAPTER)
    .option('--base', 'let the base model answer instead')
    .option('--compare', 'the base model first, then the adapter');
  addSamplingOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  custos generate --adapter support "My parcel has not arrived."
  custos generate --adapter support@2 --compare --temperature 0 "Close my account."`,
    )
    .action(async (prompt: string, options: GenerateOptions, own: Command) => {
      const app = appOf(own);
      // A person sees the answer as it comes; a pipe gets it whole.
      const streamed = process.stdout.isTTY && !app.json;
      const answers = await answersTo(app, prompt, options, streamed);
      if (!streamed) app.emit({ prompt, answers }, () => describe(answers));
    });
};
