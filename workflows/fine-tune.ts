import { executeChild, workflowInfo } from '@temporalio/workflow';
import type { NothingNew, RunInput } from '../activities/api.js';
import type { StepResult } from '../schemas/index.js';
import type { RunOutcome } from './messages.js';
import { prepare, tokenizerOf, type Prepared, type Run } from './prepare.js';
import { trackProgress } from './progress.js';
import { markVerdict, markWorkflow, searchPairs } from './search-attributes.js';
import { control, output, outputs, runStep } from './steps.js';
import { trainAndAudit } from './train-and-audit.js';

/** Draws the backend. It starts with the run, so that a missing one shows before a person reviews. */
function drawEnvironment({ input: { request }, scope }: Run): Promise<StepResult> {
  return runStep(scope, 'compute', {
    params: {
      dataset: request.dataset.name,
      revision: request.baseModel.revision,
      ...request.train,
    },
    inputs: {},
  });
}

async function trainAndAttack(run: Run, prepared: Prepared, environment: StepResult) {
  const { request } = run.input;
  const { dataset, assessment, injection, tokens } = prepared;
  const shared = {
    dataset,
    model: outputs([assessment], 'files'),
    tokens,
    environment: output(environment, 'environment'),
  };
  return executeChild(trainAndAudit, {
    workflowId: `${workflowInfo().workflowId}-train`,
    typedSearchAttributes: searchPairs({
      adapter: request.adapter.name,
      policy: run.opened.policyName,
    }),
    args: [
      {
        scope: run.scope,
        train: {
          params: {
            chain: prepared.chain,
            baseModel: request.baseModel.name ?? request.baseModel.revision,
            modelFiles: assessment.values['fileNames'],
            maxSteps: request.train?.maxSteps ?? null,
          },
          inputs: { ...shared, canaryTokens: output(injection, 'canaryTokens') },
        },
        audit: {
          params: { modelFiles: assessment.values['fileNames'] },
          inputs: {
            ...shared,
            ...tokenizerOf(assessment),
            canaries: output(injection, 'canaries'),
            canaryTokens: output(injection, 'canaryTokens'),
            commitment: output(injection, 'commitment'),
            vault: [...prepared.vault],
          },
        },
      },
    ],
  });
}

/** Raw records, a base model and a policy in; an adapter with its evidence out. */
export function fineTune(input: RunInput): Promise<RunOutcome | NothingNew> {
  return markVerdict(
    () => makeAdapter(input).catch(nothingNew),
    (outcome) => {
      if ('unchangedSince' in outcome) return 'unchanged';
      return outcome.shutGates.length === 0 ? 'candidate' : 'held';
    },
  );
}

/** Ends a scheduled run after ingest. */
class Unchanged extends Error {
  constructor(readonly outcome: NothingNew) {
    super('nothing new');
  }
}

function nothingNew(error: unknown): NothingNew {
  if (error instanceof Unchanged) return error.outcome;
  throw error;
}

/** A scheduled run goes on only with other records than those of the last run of its schedule. */
function stopIfUnchanged(input: RunInput): Pick<Run, 'ingested'> {
  const { runId, project, schedule, submission } = input;
  if (schedule === undefined) return {};
  return {
    ingested: async (ingestion) => {
      const request = { project, schedule, submission, ingestion };
      const unchangedSince = await control.findUnchanged(request);
      if (unchangedSince !== null) throw new Unchanged({ runId, unchangedSince });
    },
  };
}

async function makeAdapter(input: RunInput): Promise<RunOutcome> {
  const progress = trackProgress(input.runId);
  const opened = await control.openRun(input);
  markWorkflow({ adapter: input.request.adapter.name, policy: opened.policyName });
  const scope = { runId: input.runId, project: input.project, policy: input.policy };
  const run: Run = { input, scope, opened, progress, ...stopIfUnchanged(input) };
  // A worker that trains for another run delays the draw, not the stages before training.
  const [environment, prepared] = await Promise.all([drawEnvironment(run), prepare(run)]);
  const { train, audit } = await progress.stage(
    'train',
    () => trainAndAttack(run, prepared, environment),
    (value) => value.train,
  );
  await progress.stage(
    'audit',
    () => Promise.resolve(audit),
    (value) => value,
  );
  const release = await progress.stage(
    'release',
    () =>
      runStep(scope, 'release', {
        params: {
          adapter: input.request.adapter.name,
          purpose: input.request.purpose ?? '',
          baseModel: { ...input.request.baseModel, path: '' },
          // Not the submission itself: it names the run, and a second run would compute again.
          demoSubmitter: opened.submitter.method === 'demo',
        },
        inputs: {
          ...prepared.reports,
          request: input.requestRef,
          policy: input.policy,
          ...prepared.judgement,
          trainReport: output(train, 'report'),
          auditReport: output(audit, 'report'),
          adapterConfig: output(train, 'adapterConfig'),
          adapterWeights: output(train, 'adapterWeights'),
        },
      }),
    (value) => value,
  );
  const adapter = await control.register({
    runId: input.runId,
    project: input.project,
    adapter: input.request.adapter.name,
    submitter: opened.submitter,
    release,
    train,
  });
  return {
    runId: input.runId,
    adapter,
    shutGates: release.values['shutGates'] as string[],
    release,
  };
}
