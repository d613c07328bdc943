import type { Firing } from './firings.js';

/** A time that the schedule named and at which no run of it began. */
export interface NotFired {
  /** RFC 3339. */
  readonly dueAt: string;
  /**
   * overlap: another firing was running. not-started: none was, so that the server was away for
   * longer than the catch-up window, or the schedule was paused.
   */
  readonly why: 'overlap' | 'not-started';
  /** Of overlap: the run that was in progress. */
  readonly during?: string;
}

/** A firing that ended, or one that goes on: without `endedAt`. */
export type FiringSpan = Pick<Firing, 'scheduledFor' | 'startedAt' | 'runId'> &
  Partial<Pick<Firing, 'endedAt'>>;

interface Late {
  /** A firing may begin so much later than its time and still be that time's. */
  readonly jitterMs: number;
  readonly nowMs: number;
}

/** Servers name times in whole seconds. */
const SECOND_MS = 1_000;

/** What was due this long ago or less may be on its way. */
const ON_ITS_WAY_MS = 10_000;

/**
 * The times at which nothing began, the latest first. Each firing accounts for one time at most.
 * @param due times that the schedule named, RFC 3339
 * @param firings those that began at or after the first of `due`, and those that were running then
 */
export function notFired(
  due: readonly string[],
  firings: readonly FiringSpan[],
  { jitterMs, nowMs }: Late,
): readonly NotFired[] {
  const open = new Set(firings);
  const missing: NotFired[] = [];
  for (const dueAt of [...due].sort()) {
    const at = Date.parse(dueAt);
    const own = [...open].find(({ scheduledFor }) => {
      const late = Date.parse(scheduledFor) - at;
      return late > -SECOND_MS && late < jitterMs + SECOND_MS;
    });
    if (own !== undefined) {
      open.delete(own);
      continue;
    }
    const during = firings.find(
      ({ startedAt, endedAt }) =>
        Date.parse(startedAt) <= at + jitterMs + SECOND_MS &&
        at <= (endedAt === undefined ? nowMs : Date.parse(endedAt)),
    );
    if (during !== undefined) missing.push({ dueAt, why: 'overlap', during: during.runId });
    else if (at + jitterMs + ON_ITS_WAY_MS < nowMs) missing.push({ dueAt, why: 'not-started' });
  }
  return missing.reverse();
}
