import { policyPart, type StepSpec } from '../../policies/index.js';
import {
  check,
  validateStepResult,
  type ArtifactTable,
  type Policy,
  type ShardSummary,
  type StepRequest,
  type StepResult,
} from '../../schemas/index.js';
import { LineageError } from './errors.js';
import { keyPartsOf } from './key-parts.js';
import { lookUpMemo, memoKeyOf, publishMemo, signStored } from './memo.js';
import type { StepRuntime } from './ports.js';
import { readRecentJson } from './read-json.js';
import { flattenRefs, type StoredRefs } from './refs.js';
import { recordRun, type BegunStep } from './run-evidence.js';
import { lookUpSettled, settleDecision, settleDraw } from './settled.js';

/** What an executor yields; `commitStep` turns it into a StepResult. */
export interface StepOutput {
  readonly outputs: ArtifactTable;
  readonly counts?: Readonly<Record<string, number>>;
  readonly values?: Readonly<Record<string, unknown>>;
  /** Of a stage over shards: what the evidence of its run says of them. Not part of the result. */
  readonly shards?: ShardSummary;
}

async function allOpen(
  runtime: StepRuntime,
  project: string,
  table: ArtifactTable,
  own?: Pick<StoredRefs, 'has'>,
): Promise<boolean> {
  for (const ref of flattenRefs(table)) {
    if (own?.has(ref) === true) continue;
    if (!(await runtime.artifacts.has(ref, project))) return false;
  }
  return true;
}

/**
 * Looks the step up: a pure one in the memo, a drawn or human one in the evidence. A hit counts only
 * if its signature verifies and every output still opens. A draw of which either does not hold is an
 * error, never drawn again.
 */
export async function beginStep(
  runtime: StepRuntime,
  spec: StepSpec,
  request: StepRequest,
): Promise<BegunStep> {
  const whole = (await readRecentJson(
    runtime.artifacts,
    request.policy,
    request.project,
  )) as Policy;
  const part = policyPart(whole, spec.policy);
  const memoKey = memoKeyOf(spec, request, part);
  const begun = {
    memoKey,
    // What a step did not declare is not there to be read.
    policy: part as Policy,
    parts: keyPartsOf(spec, request, whole),
    startedAt: runtime.now().toISOString(),
  };
  const hit =
    spec.kind === 'pure'
      ? await lookUpMemo(runtime, memoKey)
      : await lookUpSettled(runtime, spec.kind, memoKey);
  if (typeof hit === 'string') return { ...begun, missed: hit };
  if (await allOpen(runtime, request.project, hit.result.outputs)) return { ...begun, hit };
  if (spec.kind === 'drawn') {
    throw new LineageError(
      'DRAW_CONFLICT',
      `${spec.name} was drawn in run ${hit.runId} but its stored output no longer opens; restore it, or start a new dataset`,
    );
  }
  return { ...begun, missed: 'outputs-gone' };
}

/**
 * Order of a commit: artifacts (already stored by the executor), envelope, ledger append, memo.
 * A retry after a crash between any two finds what is there and goes on.
 * @param own what the execution stored or read itself; other outputs are read to see that they open
 */
export async function commitStep(
  runtime: StepRuntime,
  spec: StepSpec,
  request: StepRequest,
  begun: BegunStep,
  output: StepOutput,
  attempt: number,
  own?: Pick<StoredRefs, 'has'>,
): Promise<StepResult> {
  const result: StepResult = {
    schema: 'custos.step-result.v1',
    step: spec.name,
    kind: spec.kind,
    memoKey: begun.memoKey,
    inputs: request.inputs,
    outputs: output.outputs,
    counts: { ...output.counts },
    values: { ...output.values },
  };
  check(validateStepResult, result, `result of ${spec.name}`);
  if (!(await allOpen(runtime, request.project, result.outputs, own))) {
    throw new LineageError('ARTIFACT_MISSING', `${spec.name} names an output that does not open`);
  }
  const stored = await signStored(runtime, request.runId, begun.parts, result);
  // A drawn result must be one for all: it is published first, and the loser of a race adopts it.
  const published = spec.kind === 'drawn' ? await settleDraw(runtime, result, stored) : result;
  if (spec.scope === 'stage') {
    await recordRun(runtime, spec, request, begun, published, attempt, output.shards);
  }
  if (spec.kind === 'human') await settleDecision(runtime, result.memoKey, stored);
  if (spec.kind === 'pure') await publishMemo(runtime, result, stored);
  return published;
}
