import type { IngestReport, QuarantineEntry } from '../../schemas/index.js';
import { RecordError } from './errors.js';

function describeReasons(report: IngestReport): string {
  return Object.entries(report.badByReason)
    .map(([reason, count]) => `${reason} ${String(count)}`)
    .join(', ');
}

/** How many bad rows an error names. */
export const SHOWN_BAD_ROWS = 3;

/** Where the first bad rows are. Pointers come from the mapping, never from the row. */
function describePlaces(entries: readonly QuarantineEntry[]): string {
  return entries
    .map(({ source, row, reason, pointer }) => {
      const at = pointer === '' ? '' : ` at ${pointer}`;
      return `${source} row ${String(row)} (${reason}${at})`;
    })
    .join(', ');
}

/**
 * @param maxBadRowShare of the policy
 * @param firstBad the first rows that went to quarantine
 * @throws RecordError TOO_MANY_BAD_ROWS, NO_RECORDS
 */
export function assertAcceptable(
  report: IngestReport,
  maxBadRowShare: number,
  firstBad: readonly QuarantineEntry[],
): void {
  const { dataset } = report;
  const share = report.rows === 0 ? 0 : report.badRows / report.rows;
  if (share > maxBadRowShare) {
    const counts = `${String(report.badRows)} of ${String(report.rows)} rows`;
    throw new RecordError(
      'TOO_MANY_BAD_ROWS',
      `dataset "${dataset}": ${counts} were quarantined (${describeReasons(report)}); the policy allows ` +
        `a share of ${String(maxBadRowShare)}. The first are ${describePlaces(firstBad)}. ` +
        'Mend the rows or raise /ingest/maxBadRowShare in the policy',
    );
  }
  if (report.records === 0) {
    throw new RecordError(
      'NO_RECORDS',
      `dataset "${dataset}" has no record in its sources; give files with at least one row`,
    );
  }
}
