import type { StageId, StepId } from '../policies/steps.js';
import type { ArtifactRef, StepResult } from '../schemas/index.js';
import { output, outputs, runShards, runStep, type RunScope, type StepCall } from './steps.js';

export interface FannedOut {
  readonly stage: StepResult;
  readonly shards: readonly StepResult[];
}

/** Runs the shards of a stage, then commits one result over the list of theirs. */
async function fanOut(
  scope: RunScope,
  stage: StepId & StageId,
  shard: StepId,
  calls: readonly StepCall[],
): Promise<FannedOut> {
  const shards = await runShards(scope, shard, calls);
  const inputs = Object.fromEntries(
    [...new Set(shards.flatMap((result) => Object.keys(result.outputs)))].map((name) => [
      name,
      outputs(shards, name),
    ]),
  );
  const params = { shards: shards.map((result) => result.memoKey) };
  return { stage: await runStep(scope, stage, { params, inputs }), shards };
}

export function redact(
  scope: RunScope,
  dataset: ArtifactRef,
  shards: readonly ArtifactRef[],
): Promise<FannedOut> {
  const calls = shards.map((shard) => ({ inputs: { dataset, shard } }));
  return fanOut(scope, 'redact', 'redactShard', calls);
}

export function applyDecisions(
  scope: RunScope,
  dataset: ArtifactRef,
  redacted: readonly StepResult[],
  approval: StepResult,
): Promise<FannedOut> {
  const reviewed = {
    batch: approval.inputs['batch'] as ArtifactRef,
    overlay: approval.inputs['overlay'] as ArtifactRef,
    decisions: output(approval, 'decisions'),
  };
  const calls = redacted.map((result) => ({
    inputs: {
      dataset,
      ...reviewed,
      redacted: output(result, 'redacted'),
      vault: output(result, 'vault'),
    },
  }));
  return fanOut(scope, 'apply', 'applyShard', calls);
}

/** Map, reduce, map: sketches of all shards, one plan, then each shard filtered by it. */
export async function minimize(
  scope: RunScope,
  approved: readonly ArtifactRef[],
): Promise<FannedOut & { readonly plan: StepResult }> {
  const sketches = await runShards(
    scope,
    'sketchShard',
    approved.map((shard) => ({ inputs: { approved: shard } })),
  );
  const plan = await runStep(scope, 'plan', { inputs: { sketches: outputs(sketches, 'sketch') } });
  const map = output(plan, 'map');
  const calls = approved.map((shard) => ({ inputs: { approved: shard, map } }));
  return { ...(await fanOut(scope, 'minimize', 'keepShard', calls)), plan };
}

export function tokenize(
  scope: RunScope,
  kept: readonly ArtifactRef[],
  tokenizer: Readonly<Record<string, ArtifactRef>>,
): Promise<FannedOut> {
  const calls = kept.map((shard) => ({ inputs: { kept: shard, ...tokenizer } }));
  return fanOut(scope, 'tokenize', 'tokenizeShard', calls);
}
