import { FAN_OUTS, STEPS, type FanOutId, type StepId } from '../policies/index.js';
import { createApproval, type ApprovalDeps } from './approval.js';
import { applyShard } from './apply.js';
import { createAssess, type ReadFile } from './assess.js';
import { createAudit } from './audit.js';
import { createCollect } from './collect.js';
import { createControl, type ControlDeps } from './control.js';
import type { Executor } from './context.js';
import { createDataset, draw } from './dataset.js';
import { plainActivity, rangeActivity, stepActivity, type EdgeRuntime } from './edge.js';
import { createIngest } from './ingest.js';
import { inject } from './inject.js';
import { keepShard, planMinimize, sketchShard } from './minimize.js';
import { createRedact } from './redact.js';
import { createRegister, type RegisterDeps } from './register.js';
import { release } from './release.js';
import { reviewBatch } from './review-batch.js';
import { createSchedule } from './schedule.js';
import { slice } from './slice.js';
import { tokenizeShard } from './tokenize.js';
import { createCompute, createTrain, type TrainDeps } from './train.js';
import { waive } from './waive.js';

export { openCheckpoints } from './checkpoints.js';

export interface ActivityDeps extends ControlDeps, ApprovalDeps, RegisterDeps, TrainDeps {
  readonly readFile: ReadFile;
  readonly runtime: EdgeRuntime;
}

function executors(deps: ActivityDeps): Record<Exclude<StepId, 'review'>, Executor> {
  const { runtime, ports } = deps;
  const collect = (stage: FanOutId) => createCollect(runtime, FAN_OUTS[stage]);
  return {
    dataset: createDataset(runtime.artifacts),
    draw,
    ingest: createIngest(deps.sources),
    assess: createAssess(deps.readFile),
    redactShard: createRedact(ports),
    redact: collect('redact'),
    reviewBatch,
    waive,
    slice,
    applyShard,
    apply: collect('apply'),
    sketchShard,
    sketch: collect('sketch'),
    plan: planMinimize,
    keepShard,
    minimize: collect('minimize'),
    inject,
    tokenizeShard,
    tokenize: collect('tokenize'),
    compute: createCompute(ports),
    train: createTrain(deps),
    audit: createAudit(ports),
    release,
  };
}

/** Every activity by its name: the steps under their versioned names, then the plain ones. */
export function createActivities(deps: ActivityDeps): Record<string, unknown> {
  const steps: Record<string, unknown> = {};
  for (const [id, executor] of Object.entries(executors(deps))) {
    const spec = STEPS[id as StepId];
    const fanOut = Object.values(FAN_OUTS).find(({ shard }) => shard === id);
    steps[spec.name] =
      fanOut === undefined
        ? stepActivity(deps.runtime, spec, executor)
        : rangeActivity(deps.runtime, spec, fanOut, executor);
  }
  const plain = {
    ...createControl(deps),
    ...createApproval(deps),
    ...createRegister(deps),
    ...createSchedule(deps.runtime),
  };
  return {
    ...steps,
    ...Object.fromEntries(
      Object.entries(plain).map(([name, run]) => [
        name,
        plainActivity(run as (...args: unknown[]) => Promise<unknown>, deps.runtime.observer),
      ]),
    ),
  };
}
