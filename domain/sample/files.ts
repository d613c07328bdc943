import { buildRecords, type DatasetPlan, type SampleRecord } from './dataset.js';
import {
  MALFORMED_CSV_ROWS,
  MALFORMED_INSTRUCTION_ROWS,
  MALFORMED_MESSAGES_ROWS,
  SHORT_INSTRUCTION_ROWS,
} from './malformed.js';
import type { Passage, PlantedSpan } from './passage.js';
import { drawAt } from './random.js';

/** A file of the sample: its name below samples/data and its whole text (UTF-8, LF). */
export interface SampleFile {
  readonly name: string;
  readonly text: string;
}

/** A planted span as `truth.jsonl` states it: where personal data stands, never what it is. */
export interface TruthRow extends PlantedSpan {
  readonly file: string;
  /** Counts rows from 1 as an ingest does: a CSV header is row 1, a quoted row is one row. */
  readonly row: number;
  /** JSON pointer inside the row; for CSV `/` and the column. */
  readonly field: string;
}

interface Shape {
  readonly header?: string;
  readonly write: (record: SampleRecord) => string;
  readonly fields: readonly [request: string, reply: string];
}

const csvField = (text: string): string =>
  /[",\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

const instruction = (subjectField: string): Shape => ({
  write: ({ id, subject, request, reply, extra }) =>
    JSON.stringify({
      id,
      [subjectField]: subject,
      instruction: request.text,
      output: reply.text,
      ...extra,
    }),
  fields: ['/instruction', '/output'],
});

const messages: Shape = {
  write: ({ id, subject, request, reply, extra }) =>
    JSON.stringify({
      id,
      patient: { id: subject, ...extra },
      messages: [
        { role: 'user', content: request.text },
        { role: 'assistant', content: reply.text },
      ],
    }),
  fields: ['/messages/0/content', '/messages/1/content'],
};

const csv: Shape = {
  header: 'id,customer_id,prompt,completion,branch,risk_score',
  write: ({ id, subject, request, reply, extra }) =>
    [id, subject, request.text, reply.text, ...Object.values(extra).map(String)]
      .map(csvField)
      .join(','),
  fields: ['/prompt', '/completion'],
};

interface FilePlan {
  readonly name: string;
  readonly shape: Shape;
  readonly plans: readonly DatasetPlan[];
  readonly strays: readonly string[];
}

export const SAMPLE_SEED = 20_261_123;

const plan = (
  domain: DatasetPlan['domain'],
  use: DatasetPlan['use'],
  [originals, exactDuplicates, nearDuplicates]: readonly [number, number, number],
): DatasetPlan => ({ seed: SAMPLE_SEED, use, domain, originals, exactDuplicates, nearDuplicates });

const FILES: readonly FilePlan[] = [
  {
    name: 'support.jsonl',
    shape: instruction('customer_id'),
    plans: [plan('support', 'sample', [560, 22, 18])],
    strays: [...MALFORMED_INSTRUCTION_ROWS, ...SHORT_INSTRUCTION_ROWS],
  },
  {
    name: 'hr.jsonl',
    shape: instruction('employee_id'),
    plans: [plan('hr', 'sample', [450, 15, 15])],
    strays: [],
  },
  {
    name: 'clinical.jsonl',
    shape: messages,
    plans: [plan('clinical', 'sample', [450, 15, 15])],
    strays: MALFORMED_MESSAGES_ROWS,
  },
  {
    name: 'banking.csv',
    shape: csv,
    plans: [plan('banking', 'sample', [450, 15, 15])],
    strays: MALFORMED_CSV_ROWS,
  },
  {
    name: 'holdout.jsonl',
    shape: instruction('customer_id'),
    plans: (['support', 'hr', 'clinical', 'banking'] as const).map((domain) =>
      plan(domain, 'holdout', [50, 0, 0]),
    ),
    strays: [],
  },
];

function truthOf(file: string, row: number, field: string, { spans }: Passage): TruthRow[] {
  return spans.map((span) => ({ file, row, field, ...span }));
}

function writeFile({ name, shape, plans, strays }: FilePlan): SampleFile & { truth: TruthRow[] } {
  const draw = drawAt(SAMPLE_SEED, 64, name.length);
  const good = plans.flatMap((one) => buildRecords(one));
  const places = draw.shuffle([...good.keys()]);
  const at = new Map(strays.map((stray, index) => [places[index], stray]));
  const rows = shape.header === undefined ? [] : [shape.header];
  const truth: TruthRow[] = [];
  good.forEach((record, index) => {
    const stray = at.get(index);
    if (stray !== undefined) rows.push(stray);
    rows.push(shape.write(record));
    const [request, reply] = shape.fields;
    truth.push(...truthOf(name, rows.length, request, record.request));
    truth.push(...truthOf(name, rows.length, reply, record.reply));
  });
  return { name, text: `${rows.join('\n')}\n`, truth };
}

/** Every file of samples/data, byte for byte the same in each call. `truth.jsonl` comes last. */
export function buildSampleFiles(): readonly SampleFile[] {
  const files = FILES.map(writeFile);
  const truth = files.flatMap((file) => file.truth.map((row) => JSON.stringify(row)));
  return [
    ...files.map(({ name, text }) => ({ name, text })),
    { name: 'truth.jsonl', text: `${truth.join('\n')}\n` },
  ];
}
