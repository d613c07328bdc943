import type { IngestReport, Policy, QuarantineEntry, TrainingRecord } from '../../schemas/index.js';
import { assertAcceptable, SHOWN_BAD_ROWS } from './accept-report.js';
import { compileSource, type CompiledSource, type SourceSpec } from './compile-source.js';
import { deriveSubjectKey, keyIdOf, recordIdByContent, recordIdByKey, subjectIdOf } from './ids.js';
import {
  contentChars,
  createLengthHistogram,
  createSourceCounter,
  sumReasons,
} from './ingest-statistics.js';
import { mapRow, type MappedRow } from './map-row.js';
import { readRows } from './read-rows.js';
import { DEFAULT_MAX_ROW_BYTES, rejection, type ParsedRow, type Rejection } from './rows.js';
import { createShardCutter } from './shards.js';
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
  | { readonly kind: 'shard'; readonly records: readonly TrainingRecord[] }
  | { readonly kind: 'quarantine'; readonly entry: QuarantineEntry; readonly raw: Uint8Array }
  | { readonly kind: 'done'; readonly report: IngestReport; readonly subjectIndex: Uint8Array };

/** Gives ids; remembers which were given, so that none is given twice. */
function createIdentifier({ datasetKey }: IngestOptions) {
  const subjectKey = deriveSubjectKey(datasetKey);
  const given = new Set<string>();
  const subjects = new Map<string, string[]>();
  const ordinals = new Map<string, number>();

  const byContent = (source: string, messages: MappedRow['messages']): string => {
    const first = recordIdByContent(datasetKey, source, messages, 0);
    const ordinal = ordinals.get(first) ?? 0;
    ordinals.set(first, ordinal + 1);
    return ordinal === 0 ? first : recordIdByContent(datasetKey, source, messages, ordinal);
  };

  const identify = (source: CompiledSource, row: MappedRow): TrainingRecord | Rejection => {
    const { messages, primaryKey, subject } = row;
    const id =
      primaryKey === undefined
        ? byContent(source.name, messages)
        : recordIdByKey(datasetKey, source.name, primaryKey);
    if (given.has(id)) {
      const pointer = source.primaryKey?.pointer ?? '';
      return rejection('KEY_REPEATED', 'a key that no earlier row of the source has', pointer);
    }
    given.add(id);
    if (subject === undefined) return { id, messages: [...messages] };
    const subjectId = subjectIdOf(subjectKey, subject);
    const known = subjects.get(subjectId);
    if (known === undefined) subjects.set(subjectId, [id]);
    else known.push(id);
    return { id, subjectId, messages: [...messages] };
  };

  return { identify, subjects };
}

type Identifier = ReturnType<typeof createIdentifier>;

function toRecord(
  source: CompiledSource,
  row: ParsedRow & { kind: 'value' },
  options: IngestOptions,
  identifier: Identifier,
): TrainingRecord | Rejection {
  const mapped = mapRow(source, row.value, options.policy);
  return 'reason' in mapped ? mapped : identifier.identify(source, mapped);
}

/**
 * Reads sources one after the other into shards of records, quarantining every row that is not one.
 * Memory is bounded by a row, a shard and the set of ids given.
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
  const identifier = createIdentifier(options);
  const cutter = createShardCutter(options.policy.shardRecords);
  const lengths = createLengthHistogram();
  const reports: IngestReport['sources'] = [];
  const firstBad: QuarantineEntry[] = [];
  let shards = 0;
  for (const { source, contents } of compiled) {
    const counter = createSourceCounter(source.name);
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
      yield { kind: 'shard', records: shard };
    }
    reports.push(counter.report());
  }
  const last = cutter.flush();
  if (last !== undefined) yield { kind: 'shard', records: last };
  const report = summarize(options, reports, lengths.report(), {
    shards: shards + (last === undefined ? 0 : 1),
    subjects: identifier.subjects.size,
  });
  assertAcceptable(report, options.policy.maxBadRowShare, firstBad);
  yield { kind: 'done', report, subjectIndex: encodeSubjectIndex(identifier.subjects) };
}

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
