import { STEPS, type StepId } from '../policies/index.js';
import { createApproval, type ApprovalDeps } from './approval.js';
import { applyShard } from './apply.js';
import { createAssess, type ReadFile } from './assess.js';
import { createAudit } from './audit.js';
import { createCollect } from './collect.js';
import { createControl, type ControlDeps } from './control.js';
import type { Executor } from './context.js';
import { createDataset, draw } from './dataset.js';
import { plainActivity, stepActivity, type StepActivity } from './edge.js';
import { createIngest } from './ingest.js';
import { inject } from './inject.js';
import { keepShard, planMinimize, sketchShard } from './minimize.js';
import { redactShard } from './redact.js';
import { createRegister, type RegisterDeps } from './register.js';
import { release } from './release.js';
import { reviewBatch } from './review-batch.js';
import { tokenizeShard } from './tokenize.js';
import { createCompute, createTrain, type TrainDeps } from './train.js';

export { openCheckpoints } from './checkpoints.js';

export interface ActivityDeps extends ControlDeps, ApprovalDeps, RegisterDeps, TrainDeps {
  readonly readFile: ReadFile;
}

function executors(deps: ActivityDeps): Record<Exclude<StepId, 'review'>, Executor> {
  const { runtime, ports } = deps;
  const collect = createCollect(runtime);
  return {
    dataset: createDataset(runtime.artifacts),
    draw,
    ingest: createIngest(deps.sources),
    assess: createAssess(deps.readFile),
    redactShard,
    redact: collect,
    reviewBatch,
    applyShard,
    apply: collect,
    sketchShard,
    plan: planMinimize,
    keepShard,
    minimize: collect,
    inject,
    tokenizeShard,
    tokenize: collect,
    compute: createCompute(ports),
    train: createTrain(deps),
    audit: createAudit(ports),
    release,
  };
}

/** Every activity by its name: the steps under their versioned names, then the plain ones. */
export function createActivities(deps: ActivityDeps): Record<string, unknown> {
  const steps: Record<string, StepActivity> = {};
  for (const [id, executor] of Object.entries(executors(deps))) {
    const spec = STEPS[id as StepId];
    steps[spec.name] = stepActivity(deps.runtime, spec, executor);
  }
  const plain = { ...createControl(deps), ...createApproval(deps), ...createRegister(deps) };
  return {
    ...steps,
    ...Object.fromEntries(
      Object.entries(plain).map(([name, run]) => [
        name,
        plainActivity(run as (...args: unknown[]) => Promise<unknown>),
      ]),
    ),
  };
}
