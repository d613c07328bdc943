import { describe, expect, it } from 'vitest';
import type { StageState } from '../workflows/messages.js';
import type { RunStep } from './run-evidence.js';
import type { RunView } from './run-watcher.js';
import { describeStageLines, stageLines } from './stage-lines.js';
import { groupByStage } from './step-stages.js';

const at = (second: number): string => new Date(second * 1000).toISOString();

function step(
  name: string,
  [start, end]: readonly [number, number],
  counts: Readonly<Record<string, number>> = {},
  outcome: 'computed' | 'reused' = 'computed',
): RunStep {
  const run = { step: name, outcome, startedAt: at(start), endedAt: at(end), worker: 'vm-1' };
  return {
    run,
    result: { step: name, counts, outputs: {} },
    committed: { receipt: { index: start } },
  } as unknown as RunStep;
}

const STEPS: readonly RunStep[] = [
  step('custos.dataset.v1', [0, 1]),
  step('custos.ingest.v2', [1, 3], { rows: 12, records: 10, quarantined: 2 }),
  step('custos.redact.v1', [20, 21], { records: 10, dropped: 1, spans: 4, uncertain: 1 }),
  step('custos.draw.v1', [21, 22]),
  step('custos.review-batch.v1', [22, 23], { items: 2, sample: 1 }),
  step('custos.review.v1', [50, 51], { items: 2, sample: 1, misses: 0 }, 'reused'),
];

const linesOf = (view?: RunView, steps = STEPS) =>
  stageLines({ steps, ...(view === undefined ? {} : { view }) }, 60_000);

describe('the stages of a run', () => {
  it('give every step to a stage, a draw to the one it was made for', () => {
    const groups = groupByStage(STEPS, ({ run }) => run.step);
    expect(groups.get('ingest')).toHaveLength(2);
    expect(groups.get('review')?.map(({ run }) => run.step)).toEqual([
      'custos.draw.v1',
      'custos.review-batch.v1',
      'custos.review.v1',
    ]);
  });

  it('take the time of all steps and shards, from the evidence alone', () => {
    const [ingest, , redact, review, apply] = linesOf();
    expect(ingest).toMatchObject({
      state: 'done',
      durationMs: 3000,
      recordsIn: 12,
      recordsOut: 10,
    });
    // 3 is where ingest ended: shards were redacted from there to the step at 20.
    expect(redact).toMatchObject({ startedAt: at(3), durationMs: 18_000, recordsOut: 9 });
    expect(review).toMatchObject({ durationMs: 30_000, ledger: [21, 22, 50] });
    expect(apply).toMatchObject({ state: 'not reached', origins: { computed: 0, reused: 0 } });
  });

  /** A step over eight shards, as its run's evidence tells of them. */
  const fanned = (name: string, computed?: number): RunStep => {
    const { run, result, ...rest } = step(
      name,
      [20, 21],
      { shards: 8 },
      computed === undefined ? 'reused' : 'computed',
    );
    return {
      ...rest,
      run: { ...run, ...(computed === undefined ? {} : { shards: { total: 8, computed } }) },
      result: { ...result, outputs: { shardResults: {} } },
    } as unknown as RunStep;
  };

  it('count steps and shards by where their results came from', () => {
    const steps = [
      step('custos.ingest.v2', [1, 3], { shards: 8 }),
      fanned('custos.redact.v1', 3),
      fanned('custos.sketch.v1', 8),
      fanned('custos.minimize.v1'),
    ];
    const lines = linesOf(undefined, steps);
    const origins = (id: string) => lines.find((line) => line.id === id)?.origins;
    // The shards of ingest are what it made, and no steps.
    expect(origins('ingest')).toEqual({ computed: 1, reused: 0 });
    expect(origins('redact')).toEqual({ computed: 4, reused: 5 });
    expect(origins('minimize')).toEqual({ computed: 9, reused: 9 });
    expect(linesOf()[3]?.origins).toEqual({ computed: 2, reused: 1 });
  });

  const failed: RunView = {
    stages: [
      { id: 'ingest', status: 'failed', counts: {}, startedAtMs: 1000, endedAtMs: 3000 },
      { id: 'train', status: 'waiting', counts: {} },
    ],
    details: {},
    closed: true,
  };
  it.each([
    ['its workflow', failed],
    ['the evidence alone', undefined],
  ])('that were not reached name what was made ahead and nothing else, by %s', (_, view) => {
    const lines = linesOf(view, [step('custos.compute.v1', [1, 2])]);
    const train = lines.find(({ id }) => id === 'train');
    expect(train).toMatchObject({ state: 'not reached', origins: { computed: 1, reused: 0 } });
    expect(train?.durationMs).toBeUndefined();
    const row = describeStageLines(lines)
      .split('\n')
      .find((line) => line.startsWith('Train'));
    expect(row).toMatch(/^Train adapter \(QLoRA\) +not reached +1 step made ahead of it$/);
  });

  it('that were begun and not ended are so by the evidence alone', () => {
    const review = linesOf(undefined, STEPS.slice(0, 5))[3];
    expect(review).toMatchObject({ id: 'review', state: 'unfinished' });
  });

  it('show what runs now, with the time so far', () => {
    const stages: readonly StageState[] = [
      { id: 'apply', status: 'running', counts: {}, startedAtMs: 51_000 },
    ];
    const view = { stages, details: { apply: 'records 5' }, closed: false };
    const apply = linesOf(view)[4];
    expect(apply).toMatchObject({ state: 'running', durationMs: 9000, doing: 'records 5' });
    expect(linesOf(view)[5]?.state).toBe('waiting');
    expect(describeStageLines(linesOf(view))).toMatch(
      /Apply decisions +running +9\.0 s.*records 5/,
    );
  });
});
