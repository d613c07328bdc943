import { FAN_OUTS, type FanOutId } from '../policies/steps.js';
import type { ArtifactRef, ArtifactTable, StepResult } from '../schemas/index.js';
import { output, runRanges, runStep, type RunScope } from './steps.js';

/** A stage's scope, and where it reports how many shards are done. */
export interface StageScope extends RunScope {
  readonly onShards: (done: number, of: number) => void;
}

/** Runs the shards of a stage, then commits one result over the list of theirs. */
async function fanOut(
  scope: StageScope,
  stage: FanOutId,
  shards: number,
  inputs: ArtifactTable,
): Promise<StepResult> {
  const ranges = await runRanges(scope, FAN_OUTS[stage], inputs, shards, (done) => {
    scope.onShards(done, shards);
  });
  return runStep(scope, stage, { params: { pages: ranges.map(({ page }) => page) }, inputs });
}

const shardsOf = (stage: StepResult): number => stage.counts['shards'] ?? 0;

/** The list of the results of a stage's shards. */
const listOf = (stage: StepResult): ArtifactRef => output(stage, 'shardResults');

export function redact(
  scope: StageScope,
  dataset: ArtifactRef,
  ingestion: StepResult,
): Promise<StepResult> {
  const shard = output(ingestion, 'shards');
  return fanOut(scope, 'redact', shardsOf(ingestion), { dataset, shard });
}

export interface Reviewed {
  /** The approval, or the waiver of a policy that waives the review. */
  readonly approval: StepResult;
  /** What was reviewed; nothing was where the review is waived. */
  readonly batch?: StepResult;
}

export interface Applied {
  readonly stage: StepResult;
  /** The decisions cut by shard; a waiver brings slices of its own, that decide nothing. */
  readonly slices: StepResult;
}

function cutDecisions(
  scope: StageScope,
  redacted: StepResult,
  { approval, batch }: Reviewed,
): Promise<StepResult> {
  if (batch === undefined) return Promise.resolve(approval);
  return runStep(scope, 'slice', {
    inputs: {
      batch: output(batch, 'batch'),
      overlay: output(batch, 'overlay'),
      places: output(batch, 'places'),
      decisions: output(approval, 'decisions'),
      redacted: listOf(redacted),
    },
  });
}

export async function applyDecisions(
  scope: StageScope,
  dataset: ArtifactRef,
  redacted: StepResult,
  reviewed: Reviewed,
): Promise<Applied> {
  const slices = await cutDecisions(scope, redacted, reviewed);
  const stage = await fanOut(scope, 'apply', shardsOf(redacted), {
    dataset,
    redacted: listOf(redacted),
    vault: listOf(redacted),
    slice: output(slices, 'slices'),
  });
  return { stage, slices };
}

export interface Minimized {
  readonly stage: StepResult;
  readonly plan: StepResult;
}

/** Map, reduce, map: sketches of all shards, one plan cut by shard, then each shard filtered by it. */
export async function minimize(scope: StageScope, applied: StepResult): Promise<Minimized> {
  const shards = shardsOf(applied);
  const approved = listOf(applied);
  const sketched = await fanOut(scope, 'sketch', shards, { approved });
  const plan = await runStep(scope, 'plan', { inputs: { sketches: listOf(sketched) } });
  const map = output(plan, 'maps');
  const stage = await fanOut(scope, 'minimize', shards, { approved, map });
  return { stage, plan };
}

export function tokenize(
  scope: StageScope,
  kept: StepResult,
  tokenizer: ArtifactTable,
): Promise<StepResult> {
  return fanOut(scope, 'tokenize', shardsOf(kept), { kept: listOf(kept), ...tokenizer });
}
