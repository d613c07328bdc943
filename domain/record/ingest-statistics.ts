import type { IngestReport, TrainingRecord } from '../../schemas/index.js';
import type { RejectReason } from './rows.js';

type SourceReport = IngestReport['sources'][number];
type Reasons = Partial<Record<RejectReason, number>>;

/** Upper bounds of the length histogram, in UTF-16 units of content; the last bucket is open. */
const LENGTH_BOUNDS = [64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384] as const;

export function contentChars(record: Pick<TrainingRecord, 'messages'>): number {
  return record.messages.reduce((sum, { content }) => sum + content.length, 0);
}

/** Counts one source while it is read. */
export interface SourceCounter {
  blank(): void;
  bad(reason: RejectReason): void;
  record(): void;
  report(): SourceReport;
}

export function createSourceCounter(name: string): SourceCounter {
  let [blankRows, records, badRows] = [0, 0, 0];
  const badByReason: Reasons = {};
  return {
    blank: () => void (blankRows += 1),
    record: () => void (records += 1),
    bad(reason) {
      badRows += 1;
      badByReason[reason] = (badByReason[reason] ?? 0) + 1;
    },
    report: () => ({ name, rows: records + badRows, blankRows, records, badRows, badByReason }),
  };
}

/** Lengths over all records of a dataset. */
export function createLengthHistogram(): {
  add(chars: number): void;
  report(): IngestReport['lengths'];
} {
  const counts = new Array<number>(LENGTH_BOUNDS.length + 1).fill(0);
  let [total, min, max] = [0, Number.MAX_SAFE_INTEGER, 0];
  return {
    add(chars) {
      const bucket = LENGTH_BOUNDS.findIndex((bound) => chars <= bound);
      const at = bucket < 0 ? LENGTH_BOUNDS.length : bucket;
      counts[at] = (counts[at] ?? 0) + 1;
      total += chars;
      min = Math.min(min, chars);
      max = Math.max(max, chars);
    },
    report: () => ({
      totalChars: total,
      minChars: Math.min(min, max),
      maxChars: max,
      histogram: counts.map((count, at) => ({ upToChars: LENGTH_BOUNDS[at] ?? null, count })),
    }),
  };
}

export function sumReasons(sources: readonly SourceReport[]): Reasons {
  const sum: Reasons = {};
  for (const { badByReason } of sources) {
    for (const [reason, count] of Object.entries(badByReason) as [RejectReason, number][]) {
      sum[reason] = (sum[reason] ?? 0) + count;
    }
  }
  return sum;
}
