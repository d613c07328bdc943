import { STAGES, type StageId } from '../policies/index.js';
import type { StageState, StageStatus } from '../workflows/messages.js';
import { table } from './app.js';
import { describeDuration } from './durations.js';
import type { RunStep } from './run-evidence.js';
import type { RunView } from './run-watcher.js';
import { describeStage, figure, flowOf } from './stage-words.js';
import { groupByStage } from './step-stages.js';

/** Steps and shards of a stage by where their results came from. */
export interface Origins {
  readonly computed: number;
  readonly reused: number;
}

/** One stage of a run, over all its steps. */
export interface StageLine {
  readonly id: StageId;
  readonly title: string;
  readonly state: StageStatus | 'not reached' | 'cancelled';
  /** RFC 3339. */
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly durationMs?: number;
  readonly origins: Origins;
  readonly recordsIn?: number;
  readonly recordsOut?: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly workers: readonly string[];
  /** Positions in the ledger of the stage's signed steps. */
  readonly ledger: readonly number[];
  /** What it is doing now. */
  readonly doing?: string;
}

export interface StageSources {
  readonly steps: readonly RunStep[];
  /** By stage; a stage without one has its steps counted alone. */
  readonly shards: ReadonlyMap<StageId, Origins>;
  /** What the workflow says of itself; undefined when no worker answers or its history is gone. */
  readonly view?: RunView;
}

interface Times {
  readonly startedAt?: string;
  readonly endedAt?: string;
}

const iso = (atMs: number): string => new Date(atMs).toISOString();

/**
 * From the evidence alone a stage begins where the one before it ended: the shards of a fanned-out
 * stage run before the step that is signed for them.
 */
function timesOf(
  steps: readonly RunStep[],
  state: StageState | undefined,
  previousEnd: string | undefined,
): Times {
  if (state?.startedAtMs !== undefined) {
    const { startedAtMs, endedAtMs } = state;
    return {
      startedAt: iso(startedAtMs),
      ...(endedAtMs === undefined ? {} : { endedAt: iso(endedAtMs) }),
    };
  }
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined) return {};
  return { startedAt: previousEnd ?? first.run.startedAt, endedAt: last.run.endedAt };
}

function stateOf(
  steps: readonly RunStep[],
  id: StageId,
  state: StageState | undefined,
  closed: boolean,
): StageLine['state'] {
  const done = steps.some(({ result }) => result.step.startsWith(`custos.${id}.v`));
  const seen = state?.status ?? (done ? 'done' : 'waiting');
  return seen === 'waiting' && closed ? 'not reached' : seen;
}

function originsOf(steps: readonly RunStep[], shards: Origins | undefined): Origins {
  const count = (outcome: 'computed' | 'reused') =>
    steps.filter(({ run }) => run.outcome === outcome).length;
  return {
    computed: count('computed') + (shards?.computed ?? 0),
    reused: count('reused') + (shards?.reused ?? 0),
  };
}

/** The stages of a run in their order; `nowMs` ends those that still run. */
export function stageLines(
  { steps, shards, view }: StageSources,
  nowMs: number,
): readonly StageLine[] {
  const groups = groupByStage(steps, ({ run }) => run.step);
  const closed = view?.closed ?? true;
  let previousEnd: string | undefined;
  return STAGES.map(([id, title]) => {
    const own = groups.get(id) ?? [];
    const state = view?.stages.find((stage) => stage.id === id);
    const times = timesOf(own, state, previousEnd);
    previousEnd = times.endedAt ?? previousEnd;
    const end = times.endedAt === undefined ? nowMs : Date.parse(times.endedAt);
    const all = [...own.map(({ result }) => result.counts), state?.counts ?? {}];
    const counts = Object.fromEntries(all.flatMap((one) => Object.entries(one)));
    const flow = flowOf(id, counts);
    const doing = view?.details[id];
    return {
      id,
      title,
      state: stateOf(own, id, state, closed),
      ...times,
      ...(times.startedAt === undefined ? {} : { durationMs: end - Date.parse(times.startedAt) }),
      origins: originsOf(own, shards.get(id)),
      ...(flow === undefined ? {} : { recordsIn: flow.in, recordsOut: flow.out }),
      counts,
      workers: [...new Set(own.map(({ run }) => run.worker))],
      ledger: own.map(({ committed }) => committed.receipt.index),
      ...(doing === undefined || doing === '' ? {} : { doing }),
    };
  });
}

function describeOrigins({ computed, reused }: Origins): string {
  if (computed + reused === 0) return '';
  if (reused === 0) return `${figure(computed)} computed`;
  return computed === 0
    ? `${figure(reused)} reused`
    : `${figure(computed)} computed, ${figure(reused)} reused`;
}

function rowOf(line: StageLine): readonly string[] {
  const { id, title, state, durationMs, origins, recordsIn, recordsOut, counts, workers } = line;
  return [
    title,
    state,
    durationMs === undefined ? '' : describeDuration(durationMs),
    describeOrigins(origins),
    recordsIn === undefined ? '' : `${figure(recordsIn)} -> ${figure(recordsOut ?? 0)}`,
    workers.join(' '),
    line.doing ?? describeStage(id, counts),
  ];
}

/** The stage table; every figure is over all steps of a stage. */
export function describeStageLines(lines: readonly StageLine[]): string {
  return table([
    ['STAGE', 'STATE', 'TIME', 'STEPS', 'RECORDS', 'WORKER', 'WHAT'],
    ...lines.map(rowOf),
  ]);
}
