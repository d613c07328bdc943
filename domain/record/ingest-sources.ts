import type { IngestReport, Policy, QuarantineEntry, TrainingRecord } from '../../schemas/index.js';
import { assertAcceptable, SHOWN_BAD_ROWS } from './accept-report.js';
import { compileSource, type CompiledSource, type SourceSpec } from './compile-source.js';
import { createIdentifier, type Identifier } from './identify-records.js';
import { keyIdOf } from './ids.js';
import {
  contentChars,
  createLengthHistogram,
  createSourceCounter,
  sumReasons,
} from './ingest-statistics.js';
import { mapRow } from './map-row.js';
import { readRows } from './read-rows.js';
import { DEFAULT_MAX_ROW_BYTES, type ParsedRow, type Rejection } from './rows.js';
import { createShardCutter, type Shard } from './shards.js';
import type { SourceContents } from './source-files.js';
import { encodeSubjectIndex } from './subject-index.js';

/** A source and its files, opened one after the other when their turn comes. */
export interface IngestSource extends SourceContents {
  readonly spec: SourceSpec;
}

export interface IngestOptions {
  readonly dataset: string;
  /** 32 bytes, drawn once for the dataset's life. */
  readonly datasetKey: Uint8Array;
  readonly policy: Policy['ingest'];
  readonly maxRowBytes?: number;
}

/** What an ingest gives out, in order; `done` is last and comes only when the policy is met. */
export type IngestEvent =
  | ({ readonly kind: 'shard'; readonly subjects: Uint8Array } & Shard)
  | { readonly kind: 'quarantine'; readonly entry: QuarantineEntry; readonly raw: Uint8Array }
  | { readonly kind: 'done'; readonly report: IngestReport };

function toRecord(
  source: CompiledSource,
  row: ParsedRow & { kind: 'value' },
  options: IngestOptions,
  identifier: Identifier,
): TrainingRecord | Rejection {
  const mapped = mapRow(source, row.value, options.policy);
  return 'reason' in mapped ? mapped : identifier.identify(mapped);
}

/**
 * Reads sources one after the other into shards of records, quarantining every row that is not one.
 * Memory is bounded by a row, a shard and some 12 bytes for each id of a
 * source and for each subject.
 * @throws RecordError TOO_MANY_BAD_ROWS or NO_RECORDS after the last row (whoever drives this
 *   publishes nothing before `done`), SOURCE_SPEC and SOURCE_HEADER before or while reading
 */
export async function* ingestSources(
  sources: readonly IngestSource[],
  options: IngestOptions,
): AsyncGenerator<IngestEvent> {
  const readOptions = { maxRowBytes: options.maxRowBytes ?? DEFAULT_MAX_ROW_BYTES };
  const compiled = sources.map(({ spec, ...contents }) => ({
    source: compileSource(spec),
    contents,
  }));
  const identifier = createIdentifier(options.datasetKey);
  const { shardRecords, shardBytes } = options.policy;
  const cutter = createShardCutter({ records: shardRecords, bytes: shardBytes });
  const lengths = createLengthHistogram();
  const reports: IngestReport['sources'] = [];
  const firstBad: QuarantineEntry[] = [];
  let shards = 0;
  for (const { source, contents } of compiled) {
    const counter = createSourceCounter(source.name);
    identifier.begin(source);
    for await (const row of readRows(source, contents, readOptions)) {
      if (row.kind === 'blank') {
        counter.blank();
        continue;
      }
      const outcome =
        row.kind === 'bad' ? row.rejection : toRecord(source, row, options, identifier);
      if ('reason' in outcome) {
        counter.bad(outcome.reason);
        const { file, row: at, byteOffset } = row;
        const entry = { source: source.name, file, row: at, byteOffset, ...outcome };
        if (firstBad.length < SHOWN_BAD_ROWS) firstBad.push(entry);
        yield { kind: 'quarantine', entry, raw: row.raw };
        continue;
      }
      counter.record();
      lengths.add(contentChars(outcome));
      const shard = cutter.add(outcome);
      if (shard === undefined) continue;
      shards += 1;
      yield shardEvent(shard);
    }
    reports.push(counter.report());
  }
  const last = cutter.flush();
  if (last !== undefined) yield shardEvent(last);
  const report = summarize(options, reports, lengths.report(), {
    shards: shards + (last === undefined ? 0 : 1),
    subjects: identifier.subjects,
  });
  assertAcceptable(report, options.policy.maxBadRowShare, firstBad);
  yield { kind: 'done', report };
}

const shardEvent = (shard: Shard): IngestEvent => ({
  kind: 'shard',
  ...shard,
  subjects: encodeSubjectIndex(shard.records),
});

function summarize(
  { dataset, datasetKey }: IngestOptions,
  sources: IngestReport['sources'],
  lengths: IngestReport['lengths'],
  counts: Pick<IngestReport, 'shards' | 'subjects'>,
): IngestReport {
  const sum = (key: 'rows' | 'blankRows' | 'records' | 'badRows'): number =>
    sources.reduce((total, source) => total + source[key], 0);
  return {
    schema: 'custos.ingest-report.v1',
    dataset,
    keyId: keyIdOf(datasetKey),
    rows: sum('rows'),
    blankRows: sum('blankRows'),
    records: sum('records'),
    badRows: sum('badRows'),
    badByReason: sumReasons(sources),
    ...counts,
    lengths,
    sources,
  };
}
