import { adapterDigestOf } from '../domain/evidence/index.js';
import { refsOf } from '../domain/lineage/index.js';
import type { Stores } from '../infra/runtime/index.js';
import type { StepResult, StepRun } from '../schemas/index.js';
import { CliError } from './errors.js';
import { readRunSteps } from './run-evidence.js';
import { ofProject, projectRuns } from './run-people.js';
import { shardsOf } from './stage-results.js';

export interface ArtifactUse {
  readonly runId: string;
  readonly step: string;
  readonly as: string;
  readonly name: string;
}

/** Digests of what a step made as a whole: its signed result, and of training the adapter. */
function wholesOf(run: StepRun, result: StepResult): readonly (readonly [string, string])[] {
  const trained = run.step.startsWith('custos.train.v');
  return [
    ['the signed result', run.resultDigest],
    ...(trained ? [['the adapter: its config and weights', adapterDigestOf(result)] as const] : []),
  ];
}

/** The steps that made or read an artifact, in the runs of one project or of all. @throws CliError NOT_FOUND */
export async function artifactLineage(
  stores: Stores,
  wanted: string | undefined,
  digest: string,
): Promise<readonly ArtifactUse[]> {
  const uses: ArtifactUse[] = [];
  for (const { runId, project } of await projectRuns(stores, wanted)) {
    for (const { run, result } of await readRunSteps(stores, runId)) {
      const whole = wholesOf(run, result).find(([, one]) => one === digest);
      if (whole !== undefined) uses.push({ runId, step: run.step, as: 'made', name: whole[0] });
      const results = [result, ...(await shardsOf(stores, project, result))];
      for (const { step, inputs, outputs } of results) {
        for (const [as, tableOf] of [
          ['made', outputs],
          ['read', inputs],
        ] as const) {
          for (const [name, value] of Object.entries(tableOf)) {
            if (refsOf(value).some((ref) => ref.digest === digest))
              uses.push({ runId, step, as, name });
          }
        }
      }
    }
  }
  if (uses.length > 0) return uses;
  throw new CliError(
    'NOT_FOUND',
    `no run${ofProject(wanted)} made or read an artifact ${digest}; a digest is sha256: and 64 hex digits`,
  );
}
