import { Listr, type ListrTask, type ListrTaskWrapper } from 'listr2';
import { STAGES, type StageId } from '../policies/index.js';
import type { StageState } from '../workflows/messages.js';
import { describeDuration } from './durations.js';
import type { RunView } from './run-watcher.js';
import { describeStage } from './stage-words.js';

type AnyTask = ListrTaskWrapper<unknown, never, never>;

const attemptOf = (detail: string): string => /^attempt \d+:/.exec(detail)?.[0] ?? '';

/** Tens of optimizer steps; undefined for a stage that does not train. */
function tensOf(detail: string): number | undefined {
  const step = /(?:^|; )step (\d+)\//.exec(detail)?.[1];
  return step === undefined ? undefined : Math.floor(Number(step) / 10);
}

/**
 * Whether a log gets a line for what a stage says now, `printed` being its last one: a retry speaks
 * once, training at its memory plan and every ten steps, the audit at every attack, other stages at
 * every new thing.
 */
export function isMilestone(detail: string, printed = ''): boolean {
  if (attemptOf(detail) !== attemptOf(printed)) return true;
  const tens = tensOf(detail);
  if (tens !== undefined) return tens > (tensOf(printed) ?? 0);
  return detail !== printed && (/(?:^|; )(?:attack |memory: )/.test(detail) || !/\d/.test(detail));
}

/** What a stage did and how long it took. */
function describeEnd({ id, counts, startedAtMs, endedAtMs }: StageState): string {
  const durationMs = (endedAtMs ?? 0) - (startedAtMs ?? 0);
  const time = endedAtMs === undefined ? '' : describeDuration(durationMs);
  return [describeStage(id, counts), time].filter((part) => part !== '').join('  ');
}

interface StageView {
  readonly settled: Promise<void>;
  update(stage: StageState, detail: string | undefined): void;
  close(): void;
  attach(task: AnyTask): void;
}

function createStageView(title: string, live: boolean): StageView {
  let shown = '';
  // A stage may be through before the list has come to it.
  let ended: string | undefined;
  let task: AnyTask | undefined;
  let settle: (error?: Error) => void = () => undefined;
  const settled = new Promise<void>((resolve, reject) => {
    settle = (error) => {
      if (error === undefined) resolve();
      else reject(error);
    };
  });
  settled.catch(() => undefined);
  return {
    settled,
    attach: (wrapper) => {
      task = wrapper;
      task.title = ended ?? title;
    },
    update: (stage, detail) => {
      if (stage.status === 'done') {
        ended = `${title}  ${describeEnd(stage)}`;
        if (task !== undefined) task.title = ended;
        settle();
      } else if (stage.status === 'failed' || stage.status === 'refused') {
        settle(new Error(stage.status));
      } else if (task !== undefined && detail !== undefined && detail !== '' && detail !== shown) {
        if (!live && !isMilestone(detail, shown)) return;
        task.output = detail;
        shown = detail;
      }
    },
    close: () => {
      settle(new Error('not reached'));
    },
  };
}

/**
 * Shows the stages of a run as they go: a live list on a terminal, a line per stage elsewhere.
 * `onView` sees every view, e.g. to open the review.
 */
export async function showRun(
  views: AsyncIterable<RunView>,
  onView: (view: RunView) => Promise<void>,
  { live = process.stdout.isTTY, silent = false }: { live?: boolean; silent?: boolean } = {},
): Promise<void> {
  const stageViews = new Map<StageId, StageView>(
    STAGES.map(([id, title]) => [id, createStageView(title, live && process.stdout.isTTY)]),
  );
  const tasks = STAGES.map(([id, title]): ListrTask => ({
    title,
    task: async (_context, task) => {
      const view = stageViews.get(id);
      view?.attach(task as unknown as AnyTask);
      await view?.settled;
    },
  }));
  const list = new Listr(tasks, {
    concurrent: false,
    exitOnError: true,
    registerSignalListeners: false,
    renderer: silent ? 'silent' : live && process.stdout.isTTY ? 'default' : 'simple',
    rendererOptions: { showErrorMessage: false, collapseErrors: false } as never,
  });
  const rendering = list.run().catch(() => undefined);
  for await (const view of views) {
    for (const stage of view.stages)
      stageViews.get(stage.id)?.update(stage, view.details[stage.id]);
    await onView(view);
  }
  for (const view of stageViews.values()) view.close();
  await rendering;
}
