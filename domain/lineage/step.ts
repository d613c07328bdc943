import { policyPart, type StepSpec } from '../../policies/index.js';
import {
  check,
  validateStepResult,
  type ArtifactTable,
  type Policy,
  type StepRequest,
  type StepResult,
} from '../../schemas/index.js';
import { LineageError } from './errors.js';
import { memoKeyOf, publishMemo, readMemo } from './memo.js';
import type { StepRuntime } from './ports.js';
import { readJson } from './read-json.js';
import { flattenRefs } from './refs.js';
import { recordRun, type BegunStep } from './run-evidence.js';

/** What an executor yields; `commitStep` turns it into a StepResult. */
export interface StepOutput {
  readonly outputs: ArtifactTable;
  readonly counts?: Readonly<Record<string, number>>;
  readonly values?: Readonly<Record<string, unknown>>;
}

async function allOpen(runtime: StepRuntime, project: string, table: ArtifactTable) {
  for (const ref of flattenRefs(table)) {
    if (!(await runtime.artifacts.has(ref, project))) return false;
  }
  return true;
}

/**
 * Looks the step up in the memo. A hit counts only if its signature verifies and every output
 * still opens; a drawn result whose outputs are gone is an error, never drawn again.
 */
export async function beginStep(
  runtime: StepRuntime,
  spec: StepSpec,
  request: StepRequest,
): Promise<BegunStep> {
  const whole = (await readJson(runtime.artifacts, request.policy, request.project)) as Policy;
  const part = policyPart(whole, spec.policy);
  const memoKey = memoKeyOf(spec, request, part);
  // What a step did not declare is not there to be read.
  const begun = { memoKey, policy: part as Policy, startedAt: runtime.now().toISOString() };
  const hit = await readMemo(runtime, memoKey);
  if (hit === undefined) return begun;
  if (await allOpen(runtime, request.project, hit.result.outputs)) return { ...begun, hit };
  if (spec.kind === 'drawn') {
    throw new LineageError(
      'DRAW_CONFLICT',
      `${spec.name} was drawn in run ${hit.runId} but its stored output no longer opens; restore it, or start a new dataset`,
    );
  }
  return begun;
}

/**
 * Order of a commit: artifacts (already stored by the executor), envelope, ledger append, memo.
 * A retry after a crash between any two finds what is there and goes on.
 */
export async function commitStep(
  runtime: StepRuntime,
  spec: StepSpec,
  request: StepRequest,
  begun: BegunStep,
  output: StepOutput,
  attempt: number,
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
  if (!(await allOpen(runtime, request.project, result.outputs))) {
    throw new LineageError('ARTIFACT_MISSING', `${spec.name} names an output that does not open`);
  }
  // A drawn result must be one for all: it is published first, and the loser of a race adopts it.
  const published = spec.kind === 'drawn' ? await publishMemo(runtime, request, result) : result;
  if (spec.scope === 'stage') await recordRun(runtime, spec, request, begun, published, attempt);
  if (spec.kind !== 'drawn') await publishMemo(runtime, request, result);
  return published;
}
