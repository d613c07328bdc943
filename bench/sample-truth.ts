import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileSource, readRows, type SourceFile } from '../domain/record/index.js';
import {
  createRedactor,
  IDENTIFYING_TYPES,
  type Profile,
  type Span,
} from '../domain/redact/index.js';
import { openTagger } from '../infra/redaction/index.js';

interface Planted {
  readonly file: string;
  readonly row: number;
  readonly field: string;
  readonly start: number;
  readonly end: number;
  readonly type: string;
}

/** Fields of the sample's files that enter a record, as its run file maps them. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  'support.jsonl': ['/instruction', '/output'],
  'hr.jsonl': ['/instruction', '/output'],
  'clinical.jsonl': ['/messages/0/content', '/messages/1/content'],
  'banking.csv': ['/prompt', '/completion'],
};

function select(row: unknown, pointer: string): string {
  let value = row;
  for (const key of pointer.slice(1).split('/')) {
    value = (value as Record<string, unknown> | undefined)?.[key];
  }
  return typeof value === 'string' ? value : '';
}

interface Tally {
  planted: number;
  /** Values with a letter or digit left in the text. */
  leaked: number;
  /** Values removed whole under another type's name. */
  otherType: number;
}

interface SampleFigures {
  readonly byType: Record<string, Tally>;
  /** Spans that touch no planted value, by type. */
  readonly unplanted: Record<string, number>;
  readonly uncertainRecords: number;
  readonly records: number;
}

/** Planted values left in the sample, and what else was removed. `show` sees the misses (locally). */
export async function judgeSample(
  directory: string,
  options: {
    readonly profile: Profile;
    readonly minScore: number;
    readonly reviewBelow: number;
  },
  show?: (kind: 'leak' | 'extra', type: string, value: string, around: string) => void,
): Promise<SampleFigures> {
  const tagger = await openTagger(options.profile);
  const redactor = createRedactor({
    ...options,
    entities: IDENTIFYING_TYPES,
    ...(tagger === undefined ? {} : { tagger }),
  });
  const truth = readFileSync(join(directory, 'truth.jsonl'), 'utf8').split('\n');
  const planted = new Map<string, Planted[]>();
  for (const line of truth.filter((text) => text !== '')) {
    const item = JSON.parse(line) as Planted;
    const key = `${item.file}:${String(item.row)}:${item.field}`;
    planted.set(key, [...(planted.get(key) ?? []), item]);
  }
  const figures = { byType: {} as Record<string, Tally>, unplanted: {} as Record<string, number> };
  let [records, uncertainRecords] = [0, 0];
  for (const [file, fields] of Object.entries(FIELDS)) {
    const files = [sampleFile(directory, file)];
    for await (const row of readRows(WHOLE_ROWS, { files }, { maxRowBytes: 1 << 20 })) {
      if (row.kind !== 'value') continue;
      records += 1;
      const texts = fields.map((field) => select(row.value, field));
      const found = await redactor.findAll(texts);
      if (found.flat().some(({ score }) => score < options.reviewBelow)) uncertainRecords += 1;
      for (const [at, field] of fields.entries()) {
        const items = planted.get(`${file}:${String(row.row)}:${field}`) ?? [];
        tally(figures, texts[at] ?? '', found[at] ?? [], items, show);
      }
    }
  }
  return { ...figures, uncertainRecords, records };
}

/** Maps nothing, so that rows keep all their members. */
const WHOLE_ROWS = compileSource({
  name: 'sample',
  path: 'samples/data',
  format: 'auto',
  shape: 'prompt',
  fields: [
    { name: 'prompt', value: '-', purpose: 'none' },
    { name: 'completion', value: '-', purpose: 'none' },
  ],
});

function sampleFile(directory: string, name: string): SourceFile {
  return {
    name,
    digest: '',
    sizeBytes: 0,
    open: () => createReadStream(join(directory, name)),
    readRange: () => Promise.reject(new Error('the sample has no Parquet')),
  };
}

function tally(
  figures: Pick<SampleFigures, 'byType' | 'unplanted'>,
  text: string,
  spans: readonly Span[],
  items: readonly Planted[],
  show: Parameters<typeof judgeSample>[2],
): void {
  const around = (start: number, end: number): string =>
    text.slice(Math.max(0, start - 30), end + 20);
  for (const { start, end, type } of items) {
    const counts = (figures.byType[type] ??= { planted: 0, leaked: 0, otherType: 0 });
    counts.planted += 1;
    const touching = spans.filter((span) => span.start < end && span.end > start);
    const left = [...text.slice(start, end)].map((char, at) => ({ char, at: start + at }));
    const open = left.some(
      ({ char, at }) =>
        /[\p{L}\p{N}]/u.test(char) && !touching.some((s) => s.start <= at && at < s.end),
    );
    if (open) {
      counts.leaked += 1;
      show?.('leak', type, text.slice(start, end), around(start, end));
    } else if (!touching.some((span) => span.type === type)) counts.otherType += 1;
  }
  for (const { start, end, type } of spans) {
    if (items.some((item) => item.start < end && item.end > start)) continue;
    figures.unplanted[type] = (figures.unplanted[type] ?? 0) + 1;
    show?.('extra', type, text.slice(start, end), around(start, end));
  }
}
