import { createInterface } from 'node:readline';
import { Option, type Command } from 'commander';
import { createRecordRedactor } from '../../domain/redact/index.js';
import { openTagger } from '../../infra/redaction/index.js';
import { appOf, type RegisterCommand } from '../app.js';
import { CliError } from '../errors.js';
import { loadPolicy } from '../load-policy.js';

const FORMATS = ['text', 'jsonl'] as const;
type Format = (typeof FORMATS)[number];

interface RedactOptions {
  readonly policy: string;
  readonly format: Format;
  readonly spans?: boolean;
}

/** A record id for texts that belong to no dataset; it never leaves the command. */
const NO_RECORD = `${'0'.repeat(8)}:${'0'.repeat(64)}`;

const PER_LINE = 'give one {"text": "..."} per line';

function textOf(line: string, row: number, format: Format): string {
  if (format === 'text') return line;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new CliError('USAGE', `standard input, row ${String(row)}: not JSON; ${PER_LINE}`);
  }
  const text = (value as { text?: unknown } | null)?.text;
  if (typeof text === 'string') return text;
  throw new CliError(
    'USAGE',
    `standard input, row ${String(row)}: /text is not a string; ${PER_LINE}`,
  );
}

export const registerRedact: RegisterCommand = (program) => {
  program
    .command('redact')
    .description('Redact standard input to standard output, a text per line.')
    .option('--policy <policy>', 'pack or policy file', 'default')
    .addOption(
      new Option('--format <format>', 'jsonl has {"text": ...} per line')
        .choices(FORMATS)
        .default('text'),
    )
    .addHelpText(
      'after',
      `
Examples:
  echo "Contact John Doe at john.doe@example.com" | custos redact
  custos redact --format jsonl --spans < texts.jsonl`,
    )
    .option('--spans', 'with jsonl: add the spans, offsets into the input in UTF-16 units')
    .action(async (options: RedactOptions, command: Command) => {
      const { redact: policy } = await loadPolicy(options.policy);
      const redact = createRecordRedactor(policy, await openTagger(policy.profile));
      const app = appOf(command);
      const jsonl = options.format === 'jsonl' || app.json;
      let row = 0;
      for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
        row += 1;
        const content = textOf(line, row, options.format);
        const source = { id: NO_RECORD, messages: [{ role: 'user' as const, content }] };
        const { record, spans } = await redact(source);
        const text = record?.messages[0]?.content ?? null;
        if (!jsonl) process.stdout.write(`${text ?? ''}\n`);
        else {
          const found = spans.map(({ start, end, type, score, recognizer }) => ({
            start,
            end,
            type,
            score,
            recognizer,
          }));
          process.stdout.write(
            `${JSON.stringify({ text, ...(options.spans === true ? { spans: found } : {}) })}\n`,
          );
        }
      }
    });
};
