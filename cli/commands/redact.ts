import { Option, type Command } from 'commander';
import {
  createRecordRedactor,
  type RecordRedactor,
  type RedactedRecord,
} from '../../domain/redact/index.js';
import { openTagger } from '../../infra/redaction/index.js';
import type { SpanReport, TrainingRecord } from '../../schemas/index.js';
import { appOf, type App, type RegisterCommand } from '../app.js';
import { loadPolicy } from '../load-policy.js';
import {
  csvRow,
  linesOf,
  REDACT_FORMATS,
  type RedactFormatName,
  type RedactItem,
} from '../redact-input.js';
import { openFileSink, standardOutput, type Sink } from '../redact-output.js';

interface RedactOptions {
  readonly policy: string;
  readonly model?: string;
  readonly format: RedactFormatName;
  readonly offsets: 'utf16' | 'codepoint';
  readonly spans?: boolean;
  readonly out?: string;
  readonly report?: string;
}

/** A record id for texts that belong to no dataset; it never leaves the command. */
const NO_RECORD = `${'0'.repeat(8)}:${'0'.repeat(64)}`;
const recordOf = (texts: readonly string[]): TrainingRecord => ({
  id: NO_RECORD,
  messages: texts.map((content) => ({ role: 'user', content })),
});

/** Items whose names are read side by side. */
const AT_ONCE = 16;
const PROGRESS_MS = 500;

type Place = (text: string, offset: number) => number;
const PLACES: Readonly<Record<RedactOptions['offsets'], Place>> = {
  utf16: (_, offset) => offset,
  codepoint: (text, offset) => [...text.slice(0, offset)].length,
};

function describe(texts: readonly string[], span: SpanReport, place: Place) {
  const text = texts[span.message] ?? '';
  const { type, score, recognizer } = span;
  return {
    start: place(text, span.start),
    end: place(text, span.end),
    type,
    score,
    recognizer,
  };
}

/** One item as it is written; a record that the policy drops leaves no text. */
function render(
  { texts }: RedactItem,
  { record, spans }: RedactedRecord,
  { format, offsets, spans: withSpans }: RedactOptions,
  json: boolean,
): string {
  const out = record?.messages.map(({ content }) => content);
  if (format === 'csv' && !json) return out === undefined ? '' : csvRow(out);
  if (format === 'text' && !json) return out?.[0] ?? '';
  const found = spans.map((span) => describe(texts, span, PLACES[offsets]));
  const text = format === 'csv' ? (out ?? null) : (out?.[0] ?? null);
  return `${JSON.stringify({ text, ...(withSpans === true ? { spans: found } : {}) })}\n`;
}

/** Why each span was found: a JSON line a span, without the value. */
function reportOf({ row, texts }: RedactItem, { spans }: RedactedRecord, place: Place): string {
  const lines = spans.map((span) => {
    const { explanation, action, uncertain, message } = span;
    const where = { row, ...(texts.length > 1 ? { cell: message + 1 } : {}) };
    const why = { ...describe(texts, span, place), explanation, action, uncertain };
    return `${JSON.stringify({ ...where, ...why })}\n`;
  });
  return lines.join('');
}

interface Sinks {
  readonly out: Sink;
  readonly report: Sink | undefined;
}

/** What redacting texts gives where nothing is to be found. */
const untouched = (texts: readonly string[]): RedactedRecord => ({
  record: recordOf(texts),
  spans: [],
  removed: [],
  uncertain: false,
});

async function redactAll(
  redact: RecordRedactor,
  options: RedactOptions,
  { out, report }: Sinks,
  app: App,
): Promise<{ readonly items: number; readonly spans: number }> {
  const totals = { items: 0, spans: 0 };
  let shownAt = Date.now();
  const flush = async (items: readonly RedactItem[]): Promise<void> => {
    const outcomes = await Promise.all(
      items.map(async ({ texts, heading }) =>
        heading === true ? untouched(texts) : await redact(recordOf(texts)),
      ),
    );
    for (const [at, item] of items.entries()) {
      const outcome = outcomes[at];
      if (outcome === undefined) continue;
      totals.items += 1;
      totals.spans += outcome.spans.length;
      await out.write(render(item, outcome, options, app.json));
      await report?.write(reportOf(item, outcome, PLACES[options.offsets]));
    }
    if (!process.stderr.isTTY || app.json || Date.now() - shownAt < PROGRESS_MS) return;
    shownAt = Date.now();
    process.stderr.write(`\r${progressOf(items.at(-1)?.row ?? 0, totals.spans)}`);
  };
  let waiting: RedactItem[] = [];
  for await (const item of REDACT_FORMATS[options.format].read(linesOf(process.stdin))) {
    waiting.push(item);
    if (waiting.length < AT_ONCE) continue;
    await flush(waiting);
    waiting = [];
  }
  await flush(waiting);
  return totals;
}

const progressOf = (row: number, spans: number): string =>
  `row ${row.toLocaleString('en-US')}, ${spans.toLocaleString('en-US')} spans removed`;

async function run(options: RedactOptions, command: Command): Promise<void> {
  const app = appOf(command);
  const { redact: policy } = await loadPolicy(options.policy);
  const model = options.model === undefined ? policy.model : { folder: options.model };
  const tagger = await openTagger(policy.profile, model);
  const redact = createRecordRedactor(policy, { tagger });
  const report = options.report === undefined ? undefined : await openFileSink(options.report);
  const out = options.out === undefined ? standardOutput : await openFileSink(options.out);
  try {
    const { items, spans } = await redactAll(redact, options, { out, report }, app);
    await report?.commit();
    await out.commit();
    if (process.stderr.isTTY) {
      const model = tagger === undefined ? 'no model of names' : `${tagger.name} ${tagger.digest}`;
      app.note(`\r${String(items)} texts, ${String(spans)} spans; ${policy.profile}: ${model}`);
    }
  } catch (error) {
    await Promise.all([out.discard(), report?.discard()]);
    throw error;
  }
}

export const registerRedact: RegisterCommand = (program) => {
  program
    .command('redact')
    .description('Redact standard input to standard output.')
    .option('--policy <policy>', 'pack or policy file', 'default')
    .option(
      '--model <folder>',
      "a Hugging Face token classifier in ONNX form for names, in place of the policy's",
    )
    .addOption(
      new Option('--format <format>', 'jsonl has {"text": ...} per line; csv a heading row')
        .choices(Object.keys(REDACT_FORMATS))
        .default('text'),
    )
    .option('--spans', 'with jsonl: add the spans')
    .addOption(
      new Option('--offsets <unit>', 'of spans in the input, by which unit they count')
        .choices(Object.keys(PLACES))
        .default('utf16'),
    )
    .option('--out <file>', 'a file in place of standard output; there only when all is done')
    .option('--report <file>', 'a JSON line a span: place, type, score and why, never the value')
    .addHelpText(
      'after',
      `
Examples:
  echo "Contact John Doe at john.doe@example.com" | custos redact
  custos redact --format jsonl --spans < texts.jsonl
  custos redact --format csv --out clean.csv --report spans.jsonl < raw.csv`,
    )
    .action(run);
};
