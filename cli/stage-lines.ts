import { STAGES, type StageId } from '../policies/index.js';
import type { StepResult } from '../schemas/index.js';
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
  readonly state: StageStatus | 'unfinished' | 'not reached' | 'cancelled';
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
  if (seen !== 'waiting' || !closed) return seen;
  return state === undefined && steps.some(({ run }) => !isAhead(run.step))
    ? 'unfinished'
    : 'not reached';
}

/** Whether a step is made before its stage begins: the backend is drawn when the run starts. */
const isAhead = (step: string): boolean => step.startsWith('custos.compute.');

const hasBegun = (state: StageLine['state']): boolean =>
  state !== 'waiting' && state !== 'not reached';

const shardsOf = ({ outputs, counts }: StepResult): number =>
  outputs['shardResults'] === undefined ? 0 : (counts['shards'] ?? 0);

/** Of steps and their shards, as signed; a stage that was reused whole names no shards as computed. */
export function originsOf(steps: readonly RunStep[]): Origins {
  let [computed, total] = [0, 0];
  for (const { run, result } of steps) {
    total += 1 + shardsOf(result);
    computed += (run.outcome === 'computed' ? 1 : 0) + (run.shards?.computed ?? 0);
  }
  return { computed, reused: total - computed };
}

/** The stages of a run in their order; `nowMs` ends those that still run. */
export function stageLines({ steps, view }: StageSources, nowMs: number): readonly StageLine[] {
  const groups = groupByStage(steps, ({ run }) => run.step);
  const closed = view?.closed ?? true;
  let previousEnd: string | undefined;
  return STAGES.map(([id, title]) => {
    const own = groups.get(id) ?? [];
    const state = view?.stages.find((stage) => stage.id === id);
    const reached = stateOf(own, id, state, closed);
    const times = hasBegun(reached) ? timesOf(own, state, previousEnd) : {};
    previousEnd = times.endedAt ?? previousEnd;
    const end = times.endedAt === undefined ? nowMs : Date.parse(times.endedAt);
    const all = [...own.map(({ result }) => result.counts), state?.counts ?? {}];
    const counts = Object.fromEntries(all.flatMap((one) => Object.entries(one)));
    const flow = flowOf(id, counts);
    const doing = view?.details[id];
    return {
      id,
      title,
      state: reached,
      ...times,
      ...(times.startedAt === undefined ? {} : { durationMs: end - Date.parse(times.startedAt) }),
      origins: originsOf(own),
      ...(flow === undefined ? {} : { recordsIn: flow.in, recordsOut: flow.out }),
      counts,
      workers: [...new Set(own.map(({ run }) => run.worker))],
      ledger: own.map(({ committed }) => committed.receipt.index),
      ...(doing === undefined || doing === '' ? {} : { doing }),
    };
  });
}

export function describeOrigins({ computed, reused }: Origins): string {
  if (computed + reused === 0) return '';
  if (reused === 0) return `${figure(computed)} computed`;
  return computed === 0
    ? `${figure(reused)} reused`
    : `${figure(computed)} computed, ${figure(reused)} reused`;
}

/** What a stage does or did; of one that was not reached, what was made for it before. */
function describeWork(line: StageLine): string {
  const { id, state, origins, counts, doing } = line;
  const ahead = origins.computed + origins.reused;
  if (hasBegun(state) || ahead === 0) return doing ?? describeStage(id, counts);
  return `${figure(ahead)} ${ahead === 1 ? 'step' : 'steps'} made ahead of it`;
}

function rowOf(line: StageLine): readonly string[] {
  const { title, state, durationMs, origins, recordsIn, recordsOut, workers } = line;
  return [
    title,
    state,
    durationMs === undefined ? '' : describeDuration(durationMs),
    hasBegun(state) ? describeOrigins(origins) : '',
    recordsIn === undefined ? '' : `${figure(recordsIn)} -> ${figure(recordsOut ?? 0)}`,
    hasBegun(state) ? workers.join(' ') : '',
    describeWork(line),
  ];
}

/** The stage table; every figure is over all steps of a stage. */
export function describeStageLines(lines: readonly StageLine[]): string {
  return table([
    ['STAGE', 'STATE', 'TIME', 'STEPS', 'RECORDS', 'WORKER', 'WHAT'],
    ...lines.map(rowOf),
  ]);
}
