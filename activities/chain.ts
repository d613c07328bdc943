import {
  digestJson,
  LineageError,
  readJson,
  recallResult,
  refsOf,
  type StepRuntime,
} from '../domain/lineage/index.js';
import { STEPS } from '../policies/index.js';
import type { ArtifactRef, StepResult } from '../schemas/index.js';
import type { StepContext } from './context.js';

const digestsOf = (value: ArtifactRef | readonly ArtifactRef[] | undefined): string[] =>
  refsOf(value).map((ref) => ref.digest);

function broken(what: string): LineageError {
  return new LineageError(
    'GATE_SHUT',
    `training refuses these token sets: ${what}; train only on what a run has reviewed, applied and tokenized`,
  );
}

async function recall(
  runtime: StepRuntime,
  memoKey: string | undefined,
  step: string,
): Promise<StepResult> {
  const result = memoKey === undefined ? undefined : await recallResult(runtime, memoKey);
  if (result?.step !== step) throw broken(`there is no signed result of ${step}`);
  return result;
}

/** The results of a fanned-out stage's shards, as its signed list has them. */
async function shardsOf(
  runtime: StepRuntime,
  project: string,
  stage: StepResult,
): Promise<readonly StepResult[]> {
  const ref = stage.outputs['shardResults'] as ArtifactRef;
  return (await readJson(runtime.artifacts, ref, project)) as StepResult[];
}

/** Every `input` of `to` has to be an `output` of `from`. */
function requireLink(
  from: readonly StepResult[],
  output: string,
  to: readonly StepResult[],
  input: string,
): void {
  const made = new Set(from.flatMap((result) => digestsOf(result.outputs[output])));
  const used = to.flatMap((result) => digestsOf(result.inputs[input]));
  if (used.length === 0 || used.some((digest) => !made.has(digest))) {
    throw broken(
      `"${input}" of ${to[0]?.step ?? 'a step'} does not come from "${output}" of ${from[0]?.step ?? 'a step'}`,
    );
  }
}

/** The shards that the decisions were applied to have to be those that the batch was drawn from. */
async function requireReviewed(
  runtime: StepRuntime,
  project: string,
  approval: StepResult,
  appliedShards: readonly StepResult[],
): Promise<void> {
  const info = (await readJson(
    runtime.artifacts,
    approval.inputs['info'] as ArtifactRef,
    project,
  )) as { readonly dataset?: unknown };
  const redacted = appliedShards.flatMap((shard) => digestsOf(shard.inputs['redacted']));
  if (info.dataset !== digestJson(redacted)) {
    throw broken('the decisions were applied to other shards than the reviewed ones');
  }
}

/**
 * Follows the token sets back, link by link, to an approval and to the injection.
 * @throws LineageError GATE_SHUT naming the gap
 */
export async function requireChain(
  runtime: StepRuntime,
  project: string,
  context: StepContext,
): Promise<void> {
  const keys = context.params['chain'] as readonly string[];
  const approval = await recall(runtime, keys[0], STEPS.review.name);
  const applied = await recall(runtime, keys[1], STEPS.apply.name);
  const kept = await recall(runtime, keys[2], STEPS.minimize.name);
  const tokenized = await recall(runtime, keys[3], STEPS.tokenize.name);
  const injection = await recall(runtime, keys[4], STEPS.inject.name);
  if (approval.values['meaning'] !== 'approved') throw broken('the batch was not approved');
  const appliedShards = await shardsOf(runtime, project, applied);
  const keptShards = await shardsOf(runtime, project, kept);
  const tokenShards = await shardsOf(runtime, project, tokenized);
  requireLink([approval], 'decisions', appliedShards, 'decisions');
  await requireReviewed(runtime, project, approval, appliedShards);
  requireLink(appliedShards, 'approved', keptShards, 'approved');
  requireLink(keptShards, 'kept', tokenShards, 'kept');
  const tokens = new Set(tokenShards.flatMap((shard) => digestsOf(shard.outputs['tokens'])));
  const used = context.refs('tokens');
  if (used.length === 0 || used.some((ref) => !tokens.has(ref.digest))) {
    throw broken('a token set was not made by the tokenize step of this chain');
  }
  const canaryTokens = digestsOf(injection.outputs['canaryTokens']);
  if (!canaryTokens.includes(context.ref('canaryTokens').digest)) {
    throw broken('the canaries were not made by the injection of this chain');
  }
}
