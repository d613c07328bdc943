import { describeExplanation, explainRun, type StepExplanation } from '../domain/lineage/index.js';
import type { Stores } from '../infra/runtime/index.js';
import type { StepRun } from '../schemas/index.js';
import { table } from './app.js';
import { CliError } from './errors.js';
import { listEvidenceRuns, readRunSteps, type RunStep } from './run-evidence.js';

/** Runs before this one that are looked through for a step to compare with. */
const LOOK_BACK = 20;

/** Project, name and time of a run's id: runs of one run file share the first two. */
function partsOfId(runId: string): { readonly family: string; readonly time: string } {
  const [, family = runId, time = ''] = /^(.+)-(\d{8}T\d{6})-[0-9a-f]+$/.exec(runId) ?? [];
  return { family, time };
}

async function stepsOf(stores: Stores, runId: string): Promise<readonly StepRun[]> {
  try {
    return (await readRunSteps(stores, runId)).map(({ run }) => run);
  } catch (error) {
    // A run that is not done with a stage has evidence without its receipt.
    if (error instanceof CliError && error.code === 'NOT_FOUND') return [];
    throw error;
  }
}

/** Why each step of a run was computed or reused, against the runs of the same run file before it. */
export async function explainSteps(
  stores: Stores,
  runId: string,
  steps: readonly RunStep[],
): Promise<readonly StepExplanation[]> {
  const { family, time } = partsOfId(runId);
  const before = (await listEvidenceRuns(stores)).filter((id) => {
    const other = partsOfId(id);
    return id !== runId && other.family === family && other.time <= time;
  });
  const current = steps.map(({ run }) => run);
  const earlier: (readonly StepRun[])[] = [];
  let explained = explainRun(current, earlier);
  for (const id of before.toReversed().slice(0, LOOK_BACK)) {
    if (explained.every(({ comparedWith }) => comparedWith !== undefined)) break;
    earlier.push(await stepsOf(stores, id));
    explained = explainRun(current, earlier);
  }
  return explained;
}

export function describeWhy(explained: readonly StepExplanation[]): string {
  return table(explained.map((one) => [one.step, describeExplanation(one)]));
}
