import type { PlainOutcome, RedactPool } from '../infra/redaction/index.js';
import { inOrder } from './in-order.js';
import { REDACT_FORMATS, type RedactItem } from './redact-input.js';
import { linesOf } from './redact-lines.js';
import type { Sink } from './redact-output.js';
import type { Progress } from './redact-progress.js';
import { renderItem, reportOf, restoring, type RenderOptions } from './redact-render.js';
import type { VaultWriter } from './redact-vault.js';

export interface RedactSinks {
  readonly out: Sink;
  readonly report?: Sink | undefined;
  readonly vault?: VaultWriter | undefined;
}

export interface RedactRun extends RedactSinks {
  readonly pool: RedactPool;
  readonly threads: number;
  readonly options: RenderOptions;
  readonly progress: Progress;
}

export interface RedactTotals {
  readonly items: number;
  readonly spans: number;
  readonly dropped: number;
}

/** One piece of work for a thread: enough that handing it over costs little beside it. */
const BATCH_CHARS = 64 << 10;
const BATCH_ITEMS = 256;

async function* inBatches(
  groups: AsyncIterable<readonly RedactItem[]>,
): AsyncGenerator<readonly RedactItem[]> {
  let batch: RedactItem[] = [];
  let chars = 0;
  for await (const group of groups) {
    for (const item of group) {
      batch.push(item);
      chars += item.raw.length;
      if (chars < BATCH_CHARS && batch.length < BATCH_ITEMS) continue;
      yield batch;
      batch = [];
      chars = 0;
    }
  }
  if (batch.length > 0) yield batch;
}

/** Headings are written as they are, filler not at all. */
async function redactBatch(
  pool: RedactPool,
  batch: readonly RedactItem[],
): Promise<{ readonly batch: readonly RedactItem[]; readonly outcomes: readonly PlainOutcome[] }> {
  const records = batch
    .filter(({ kind }) => kind === undefined)
    .map(({ row, texts }) => ({ id: row.toString(16), texts }));
  const outcomesOf = await pool.redact(records);
  let next = 0;
  const outcomes = batch.map(({ kind, texts }): PlainOutcome => {
    if (kind !== undefined) return { texts, spans: [] };
    return outcomesOf[next++] ?? { texts: undefined, spans: [] };
  });
  return { batch, outcomes };
}

/**
 * Standard input through the redactor into the sinks, none of which is committed. What is under way
 * is bounded: input is read only as output is taken.
 * @throws CliError USAGE with line and byte of bad input
 */
export async function redactAll(
  input: AsyncIterable<Uint8Array>,
  { out, report, vault, pool, threads, options, progress }: RedactRun,
): Promise<RedactTotals> {
  const totals = { items: 0, spans: 0, dropped: 0 };
  const { read, long } = REDACT_FORMATS[options.format];
  const batches = inBatches(read(linesOf(progress.watch(input), long)));
  const done = inOrder(batches, threads * 2 + 1, (batch) => redactBatch(pool, batch));
  for await (const { batch, outcomes } of done) {
    const [written, reported]: [string[], string[]] = [[], []];
    for (const [at, item] of batch.entries()) {
      const outcome = outcomes[at] ?? { texts: undefined, spans: [] };
      const text = renderItem(item, outcome, options);
      written.push(text);
      if (report !== undefined) reported.push(reportOf(item, outcome.spans, options.offsets));
      await vault?.add(restoring(item, outcome, text));
      if (item.kind === undefined) totals.items += 1;
      totals.spans += outcome.spans.length;
      totals.dropped += outcome.texts === undefined ? 1 : 0;
    }
    await out.write(written.join(''));
    await report?.write(reported.join(''));
    progress.show(totals.spans);
  }
  return totals;
}
