import { describe, expect, it } from 'vitest';
import { notFired, type FiringSpan } from './not-fired.js';

const at = (minute: number, second = 0): string =>
  new Date(Date.UTC(2026, 10, 24, 3, minute, second)).toISOString();

const span = (runId: string, began: number, ended?: number): FiringSpan => ({
  scheduledFor: at(began),
  startedAt: at(began, 1),
  runId,
  ...(ended === undefined ? {} : { endedAt: at(ended) }),
});

const late = { jitterMs: 0, nowMs: Date.parse(at(59)) };
const everyTen = [at(0), at(10), at(20), at(30)];

describe('times at which nothing began', () => {
  it.each<[string, readonly FiringSpan[], ReturnType<typeof notFired>]>([
    [
      'none when each time has its firing',
      [span('a', 0, 1), span('b', 10, 11), span('c', 20, 21), span('d', 30, 31)],
      [],
    ],
    [
      'names the run that was in the way, the latest time first',
      [span('a', 0, 25), span('d', 30, 31)],
      [
        { dueAt: at(20), why: 'overlap', during: 'a' },
        { dueAt: at(10), why: 'overlap', during: 'a' },
      ],
    ],
    [
      'counts a run that goes on',
      [span('a', 0, 1), span('b', 10)],
      [
        { dueAt: at(30), why: 'overlap', during: 'b' },
        { dueAt: at(20), why: 'overlap', during: 'b' },
      ],
    ],
    [
      'says not-started when nothing ran then',
      [span('a', 0, 1), span('d', 30, 31)],
      [
        { dueAt: at(20), why: 'not-started' },
        { dueAt: at(10), why: 'not-started' },
      ],
    ],
    [
      'takes no trigger in between for the firing of a time',
      [span('a', 0, 1), span('by-hand', 15, 16), span('c', 20, 21), span('d', 30, 31)],
      [{ dueAt: at(10), why: 'not-started' }],
    ],
  ])('%s', (_case, firings, expected) => {
    expect(notFired(everyTen, firings, late)).toEqual(expected);
  });

  it('waits for what may be on its way', () => {
    const soon = { jitterMs: 0, nowMs: Date.parse(at(30, 9)) };
    expect(notFired([at(20), at(30)], [], soon)).toEqual([{ dueAt: at(20), why: 'not-started' }]);
  });

  it('gives a firing within the jitter to its time', () => {
    const jittered = [span('a', 3, 4), span('b', 12, 13), span('c', 20, 21), span('d', 34, 35)];
    expect(notFired(everyTen, jittered, { ...late, jitterMs: 5 * 60_000 })).toEqual([]);
  });
});
