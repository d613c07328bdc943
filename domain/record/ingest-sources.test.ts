import { describe, expect, it } from 'vitest';
import type { SourceSpec } from './compile-source.js';
import {
  ingestSources,
  type IngestEvent,
  type IngestOptions,
  type IngestSource,
} from './ingest-sources.js';
import { memoryFile } from '../../test/support/memory-file.js';
import { decodeSubjectIndex } from './subject-index.js';

const purpose = 'answers to customers';
const fields: SourceSpec['fields'] = [
  { name: 'prompt', from: '/q', purpose },
  { name: 'completion', from: '/a', purpose },
];
const jsonl: SourceSpec = {
  name: 'tickets',
  path: 'any',
  format: 'jsonl',
  shape: 'prompt',
  fields,
};
const options: IngestOptions = {
  dataset: 'support',
  datasetKey: new Uint8Array(32).fill(7),
  policy: {
    maxBadRowShare: 0.5,
    quarantineTtlDays: 30,
    minContentChars: 2,
    maxContentChars: 1000,
    shardRecords: 16,
    shardBytes: 1 << 20,
  },
};

function source(spec: SourceSpec, lines: readonly unknown[]): IngestSource {
  const text = lines
    .map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`)
    .join('');
  return { spec, files: [memoryFile('any', Buffer.from(text))] };
}

async function ingest(sources: readonly IngestSource[], change: Partial<IngestOptions> = {}) {
  const events: IngestEvent[] = [];
  for await (const event of ingestSources(sources, { ...options, ...change })) events.push(event);
  const records = events.flatMap((event) => (event.kind === 'shard' ? event.records : []));
  const quarantine = events.flatMap((event) => (event.kind === 'quarantine' ? [event] : []));
  const done = events.find((event) => event.kind === 'done');
  return { events, records, quarantine, done };
}

const row = (q: string, rest: object = {}): object => ({ q, a: `re ${q}`, ...rest });

describe('ingestSources', () => {
  it('gives shards, then the report', async () => {
    const rows = Array.from({ length: 200 }, (_, at) => row(`question ${String(at)}`));
    const { events, records, done } = await ingest([source(jsonl, rows)]);
    expect(records.map(({ messages }) => messages[0]?.content)).toEqual(
      rows.map((_, at) => `question ${String(at)}`),
    );
    expect(events.at(-1)?.kind).toBe('done');
    const shards = events.filter(({ kind }) => kind === 'shard').length;
    expect(done?.report).toMatchObject({ rows: 200, records: 200, badRows: 0, shards });
    expect(done?.report.lengths.histogram.reduce((sum, { count }) => sum + count, 0)).toBe(200);
  });

  it('quarantines rows with place, reason and bytes, and counts them by reason', async () => {
    const { quarantine, done } = await ingest([
      source(jsonl, [row('one'), 'nope', row('two'), { q: 'x' }, '']),
    ]);
    expect(quarantine.map(({ entry }) => entry)).toEqual([
      {
        source: 'tickets',
        file: 1,
        row: 2,
        byteOffset: 25,
        reason: 'NOT_JSON',
        pointer: '',
        expected: 'one JSON object a line',
      },
      {
        source: 'tickets',
        file: 1,
        row: 4,
        byteOffset: 55,
        reason: 'FIELD_MISSING',
        pointer: '/a',
        expected: 'a string',
      },
    ]);
    expect(Buffer.from(quarantine[0]?.raw ?? []).toString()).toBe('nope');
    expect(done?.report).toMatchObject({
      blankRows: 1,
      badByReason: { NOT_JSON: 1, FIELD_MISSING: 1 },
    });
  });

  it('stops above the share of bad rows, with a summary and no text', async () => {
    const rows = [row('one'), 'Jane Roe', 'Jane Roe'];
    const attempt = ingest([source(jsonl, rows)]);
    await expect(attempt).rejects.toMatchObject({ code: 'TOO_MANY_BAD_ROWS' });
    await expect(attempt).rejects.toThrow(/2 of 3 rows.*NOT_JSON 2/);
    await expect(attempt).rejects.not.toThrow(/Jane/);
  });

  it('stops without a record', async () => {
    await expect(ingest([source(jsonl, [])])).rejects.toMatchObject({ code: 'NO_RECORDS' });
  });

  it('keeps ids when rows move, change or come from another path', async () => {
    const spec = { ...jsonl, primaryKey: '/id' };
    const one = await ingest([source(spec, [row('a', { id: 1 }), row('b', { id: 2 })])]);
    const two = await ingest([
      source({ ...spec, path: 'moved' }, [row('changed', { id: 2 }), row('a', { id: 1 })]),
    ]);
    expect(two.records.map(({ id }) => id).toSorted()).toEqual(
      one.records.map(({ id }) => id).toSorted(),
    );
  });

  it('tells equal contents apart, and rejects a repeated key', async () => {
    const equal = await ingest([source(jsonl, [row('a'), row('a'), row('b')])]);
    expect(new Set(equal.records.map(({ id }) => id)).size).toBe(3);
    const spec = { ...jsonl, primaryKey: '/id' };
    const repeated = await ingest([source(spec, [row('a', { id: 1 }), row('b', { id: 1 })])]);
    expect(repeated.quarantine.map(({ entry }) => entry)).toMatchObject([
      { row: 2, reason: 'KEY_REPEATED', pointer: '/id' },
    ]);
  });

  it('indexes the records of a subject over all sources, and stores no subject', async () => {
    const spec = { ...jsonl, subject: '/who' };
    const csv: SourceSpec = {
      ...jsonl,
      name: 'calls',
      format: 'csv',
      subject: 'who',
      fields: [
        { name: 'prompt', from: 'q', purpose },
        { name: 'completion', from: 'a', purpose },
      ],
    };
    const { events, records, done } = await ingest([
      source(spec, [row('a', { who: 'jane' }), row('b', { who: 'joe' }), row('c')]),
      source(csv, ['q,a,who', 'd,re d,jane']),
    ]);
    const [subjects] = events.flatMap((event) => (event.kind === 'shard' ? event.subjects : []));
    const index = decodeSubjectIndex(subjects ?? new Uint8Array());
    const jane = [records[0]?.id, records[3]?.id].toSorted();
    expect(index.get(records[0]?.subjectId ?? '')).toEqual(jane);
    expect(done?.report.subjects).toBe(2);
    expect(Buffer.from(subjects ?? []).toString()).not.toContain('jane');
    expect(JSON.stringify(records)).not.toContain('jane');
  });

  it('checks every source before it reads one', async () => {
    const wrong = { ...jsonl, fields: fields.slice(0, 1) };
    await expect(ingest([source(jsonl, [row('a')]), source(wrong, [])])).rejects.toMatchObject({
      code: 'SOURCE_SPEC',
    });
  });
});
