import { parseJson, type Envelope } from '../domain/evidence/index.js';
import { memoKeyOf, recallSigned, refsOf, type Digest } from '../domain/lineage/index.js';
import type { Stores } from '../infra/runtime/index.js';
import { policyPart, STEPS } from '../policies/index.js';
import { check, validatePolicy, type StepResult } from '../schemas/index.js';
import { CliError } from './errors.js';
import type { RunStep } from './run-evidence.js';
import { shardsOf, stageOf } from './stage-results.js';

/** Memo keys of the sketches: the plan reads their outputs and no stage lists their results. */
function sketchKeys(
  project: string,
  applied: readonly StepResult[],
  policyBytes: Uint8Array,
): readonly Digest[] {
  const policy = check(validatePolicy, parseJson(policyBytes, 'the policy'), 'the policy');
  const spec = STEPS.sketchShard;
  const approved = applied.flatMap(({ outputs }) => refsOf(outputs['approved']));
  return approved.map((ref) => {
    const request = { project, params: {}, inputs: { approved: ref } };
    return memoKeyOf(spec, request, policyPart(policy, spec.policy));
  });
}

/**
 * The signed result of every shard of a run.
 * @throws CliError NOT_FOUND when the memo was dropped: a new run on the same input restores it
 */
export async function shardEvidence(
  stores: Stores,
  project: string,
  steps: readonly RunStep[],
  policy: Uint8Array,
): Promise<readonly Envelope[]> {
  const keys: Digest[] = [];
  for (const { result } of steps) {
    keys.push(...(await shardsOf(stores, project, result)).map(({ memoKey }) => memoKey));
  }
  const applied = await shardsOf(stores, project, stageOf(steps, 'apply'));
  keys.push(...sketchKeys(project, applied, policy));
  const unique = [...new Set(keys)];
  return Promise.all(
    unique.map(async (memoKey) => {
      const signed = await recallSigned(stores, memoKey);
      if (signed !== undefined) return signed;
      throw new CliError(
        'NOT_FOUND',
        `the signed result of shard ${memoKey} is gone from the memo; submit the run again, then export`,
      );
    }),
  );
}
