import { Listr, type ListrTask, type ListrTaskWrapper } from 'listr2';
import { STAGES, type StageId } from '../policies/index.js';
import type { StageState } from '../workflows/messages.js';
import type { RunView } from './run-watcher.js';

type AnyTask = ListrTaskWrapper<unknown, never, never>;

/** In a log, a retry speaks once, training at every tenth step, other stages at every new thing. */
function isMilestone(detail: string, before = ''): boolean {
  const attempt = /^attempt \d+:/.exec(detail)?.[0];
  if (attempt !== undefined && !before.startsWith(attempt)) return true;
  const step = /(?:^|; )step (\d+)\//.exec(detail)?.[1];
  return step === undefined ? !/\d/.test(detail) : Number(step) % 10 === 0;
}

/** `a 1, b 2` of a stage's counts that people ask for, at most four. */
export function describeCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .filter(([name]) => !name.includes('.') && name !== 'shards')
    .slice(0, 4)
    .map(
      ([name, value]) => `${name} ${value.toLocaleString('en-US', { maximumFractionDigits: 3 })}`,
    )
    .join(', ');
}

function seconds(stage: StageState): string {
  if (stage.startedAtMs === undefined || stage.endedAtMs === undefined) return '';
  const elapsedMs = stage.endedAtMs - stage.startedAtMs;
  // The audit runs inside the training's child workflow and is only noted here.
  return elapsedMs < 50 ? '' : `${(elapsedMs / 1000).toFixed(1)} s`;
}

interface StageView {
  readonly settled: Promise<void>;
  update(stage: StageState, detail: string | undefined): void;
  close(): void;
  attach(task: AnyTask): void;
}

function createStageView(title: string, live: boolean): StageView {
  let shown = '';
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
    },
    update: (stage, detail) => {
      if (stage.status === 'done') {
        const facts = [describeCounts(stage.counts), seconds(stage)].filter((part) => part !== '');
        if (task !== undefined) task.title = `${title}  ${facts.join('  ')}`;
        settle();
      } else if (stage.status === 'failed' || stage.status === 'refused') {
        settle(new Error(stage.status));
      } else if (task !== undefined && detail !== undefined && detail !== '' && detail !== shown) {
        if (live || isMilestone(detail, shown)) task.output = detail;
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
