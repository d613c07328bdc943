import { describe, expect, it } from 'vitest';
import type { RunOutcome } from '../workflows/messages.js';
import { describeOutcome } from './run-outcome.js';

const outcome = (summary: Readonly<Record<string, string>>): RunOutcome =>
  ({
    runId: 'run-1',
    adapter: { name: 'support', version: 2, stage: 'candidate', adapterDigest: 'sha256:00' },
    shutGates: [],
    release: { values: { summary } },
  }) as unknown as RunOutcome;

describe('what a run came to', () => {
  it('is told in the order of the pipeline, however the result was stored', () => {
    const stored = { exposure: '1', 'held-out loss': '2', other: '3', records: '4', training: '5' };
    const names = describeOutcome(outcome(stored))
      .split('\n')
      .flatMap((line) => /^ {2}(.+):/.exec(line)?.[1] ?? []);
    expect(names).toEqual(['records', 'training', 'held-out loss', 'exposure', 'other']);
  });

  it.each([
    [{ computed: 62, reused: 0 }, 'steps    62 computed'],
    [{ computed: 2, reused: 60 }, 'steps    2 computed, 60 reused'],
    [{ computed: 0, reused: 62 }, 'steps    nothing computed, 62 reused'],
  ])('says what was computed: %j', (origins, line) => {
    expect(describeOutcome(outcome({}), origins).split('\n')).toContain(line);
  });
});
