import { randomBytes } from 'node:crypto';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { needsDatasetKey, PROFILES, type Profile } from '../../domain/redact/index.js';
import { openSecretFile } from '../../infra/keys/index.js';
import { openRedactPool, openTagger } from '../../infra/redaction/index.js';
import { appOf, type App, type RegisterCommand } from '../app.js';
import { CliError } from '../errors.js';
import { loadPolicy } from '../load-policy.js';
import { REDACT_FORMATS, type RedactFormatName } from '../redact-input.js';
import { openFileSink, standardOutput } from '../redact-output.js';
import { createProgress } from '../redact-progress.js';
import type { OffsetUnit } from '../redact-render.js';
import { redactAll, type RedactSinks, type RedactTotals } from '../redact-run.js';
import { openVaultWriter } from '../redact-vault.js';

interface RedactOptions {
  readonly policy: string;
  readonly profile?: Profile;
  readonly model?: string;
  readonly format: RedactFormatName;
  readonly offsets: OffsetUnit;
  readonly threads: number;
  readonly spans?: boolean;
  readonly out?: string;
  readonly report?: string;
  readonly key?: string;
  readonly vault?: string;
  readonly vaultKey?: string;
}

const MAX_THREADS = 64;

function threadCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MAX_THREADS) return count;
  throw new InvalidArgumentError(`a number from 1 to ${String(MAX_THREADS)}`);
}

async function openSinks(options: RedactOptions): Promise<RedactSinks> {
  const { out, report, vault, vaultKey } = options;
  if ((vault === undefined) !== (vaultKey === undefined)) {
    throw new CliError('USAGE', 'a vault needs both --vault and --vault-key');
  }
  return {
    out: out === undefined ? standardOutput : await openFileSink(out),
    report: report === undefined ? undefined : await openFileSink(report),
    vault:
      vault === undefined || vaultKey === undefined
        ? undefined
        : await openVaultWriter(vault, await openSecretFile(vaultKey)),
  };
}

function describeTotals({ items, spans, dropped }: RedactTotals, read: string): string {
  const gone = dropped === 0 ? '' : `, ${String(dropped)} dropped whole by the policy`;
  return `${String(items)} texts, ${String(spans)} spans${gone}; ${read}`;
}

/** The key of pseudonyms: of a file, or for this call alone. */
async function keyFor(options: RedactOptions, isNeeded: boolean, app: App): Promise<Uint8Array> {
  if (options.key !== undefined) return openSecretFile(options.key);
  if (isNeeded) app.note('pseudonyms hold within this call only; --key FILE keeps them');
  return new Uint8Array(randomBytes(32));
}

async function run(options: RedactOptions, command: Command): Promise<void> {
  const app = appOf(command);
  const { redact } = await loadPolicy(options.policy);
  const policy = { ...redact, profile: options.profile ?? redact.profile };
  const model = options.model === undefined ? policy.model : { folder: options.model };
  const key = await keyFor(options, needsDatasetKey(policy), app);
  const { threads } = options;
  const pool = await openRedactPool({ policy, key, model, threads });
  const sinks = await openSinks(options);
  const isShown = process.stderr.isTTY && !app.json;
  const progress = createProgress(isShown, Date.now);
  try {
    const work = { ...sinks, pool, threads, progress, options: { ...options, json: app.json } };
    const totals = await redactAll(process.stdin, work);
    // What makes an output useful stands before the output does.
    await sinks.vault?.commit();
    await sinks.report?.commit();
    await sinks.out.commit();
    progress.clear();
    if (!isShown) return;
    const tagger = await openTagger(policy.profile, model);
    const names = tagger === undefined ? 'no model of names' : `${tagger.name} ${tagger.digest}`;
    app.note(describeTotals(totals, `${policy.profile}: ${names}`));
  } catch (error) {
    progress.clear();
    for (const sink of [sinks.out, sinks.report, sinks.vault]) await sink?.discard();
    throw error;
  } finally {
    await pool.close();
  }
}

export const registerRedact: RegisterCommand = (program) => {
  program
    .command('redact')
    .description('Redact standard input to standard output.')
    .option('--policy <policy>', 'pack or policy file', 'default')
    .addOption(
      new Option(
        '--profile <profile>',
        "in place of the policy's: patterns alone, or names by the small or the large model too",
      ).choices(PROFILES),
    )
    .option(
      '--model <folder>',
      "a Hugging Face token classifier in ONNX form for names, in place of the policy's",
    )
    .addOption(
      new Option(
        '--format <format>',
        'jsonl has {"text": ...} per line; csv a heading row, its delimiter is detected',
      )
        .choices(Object.keys(REDACT_FORMATS))
        .default('text'),
    )
    .option('--spans', 'with jsonl: add the spans')
    .addOption(
      new Option('--offsets <unit>', 'of spans in the input, by which unit they count')
        .choices(['utf16', 'codepoint'])
        .default('utf16'),
    )
    .option('--threads <count>', 'threads that redact; each opens its own model', threadCount, 1)
    .option('--out <file>', 'a file in place of standard output; there only when all is done')
    .option('--report <file>', 'a JSON line a span: place, type, score and why, never the value')
    .option('--key <file>', 'key of pseudonyms; made when it is not there')
    .option('--vault <file>', 'what "custos unredact" needs to restore the input, sealed')
    .option('--vault-key <file>', 'key of the vault; made when it is not there')
    .addHelpText(
      'after',
      `
Examples:
  echo "Contact John Doe at john.doe@example.com" | custos redact
  custos redact --profile fast < letter.txt
  custos redact --format jsonl --spans < texts.jsonl
  custos redact --format csv --out clean.csv --report spans.jsonl < raw.csv
  custos redact --threads 4 --vault note.vault --vault-key note.key --out clean.txt < note.txt`,
    )
    .action(run);
};
