import { readJson, refsOf } from '../domain/lineage/index.js';
import type { Stores } from '../infra/runtime/index.js';
import type { ArtifactRef, StepResult } from '../schemas/index.js';
import { CliError } from './errors.js';
import type { RunStep } from './run-evidence.js';

/** The result of one stage of a run, such as `train`. @throws CliError NOT_FOUND */
export function stageOf(steps: readonly RunStep[], stage: string): StepResult {
  const found = steps.find(({ result }) => result.step.startsWith(`custos.${stage}.v`));
  if (found !== undefined) return found.result;
  throw new CliError('NOT_FOUND', `the run has no ${stage} stage in its evidence yet`);
}

/** The one artifact that a result made or read under a name. @throws CliError NOT_FOUND */
export function refOf({ step, inputs, outputs }: StepResult, name: string): ArtifactRef {
  const value = outputs[name] ?? inputs[name];
  if (value !== undefined && !Array.isArray(value)) return value;
  throw new CliError('NOT_FOUND', `${step} has no "${name}" in its evidence`);
}

/** The signed results of a fanned-out stage's shards. */
export async function shardsOf(
  { artifacts }: Pick<Stores, 'artifacts'>,
  project: string,
  stage: StepResult,
): Promise<readonly StepResult[]> {
  const lists = refsOf(stage.outputs['shardResults']).map((ref) =>
    readJson(artifacts, ref, project),
  );
  return ((await Promise.all(lists)) as StepResult[][]).flat();
}
