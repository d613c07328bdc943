import { ApplicationFailure, executeChild, workflowInfo } from '@temporalio/workflow';
import type { OpenedRun, RunInput, SourceFingerprint } from '../activities/api.js';
import type { ArtifactRef, StepResult } from '../schemas/index.js';
import type { Progress } from './progress.js';
import {
  applyDecisions,
  minimize,
  redact,
  tokenize,
  type Applied,
  type Reviewed,
} from './record-stages.js';
import { approvedDecisions, reviewGate } from './review-gate.js';
import { searchPairs } from './search-attributes.js';
import { control, output, records, rootOf, runStep, stepRequest, type RunScope } from './steps.js';

/** A run that was opened: its submission is verified. */
export interface Run {
  readonly input: RunInput;
  readonly scope: RunScope;
  readonly opened: OpenedRun;
  readonly progress: Progress;
  /** Called with what ingest made; throws to end the run there. */
  readonly ingested?: (ingestion: StepResult) => Promise<void>;
}

/** Secret randomness: drawn once for an input, sealed, committed to the ledger before use. */
async function draw(run: Run, purpose: string, dataset: ArtifactRef, over: string) {
  const params = { purpose, over };
  return output(await runStep(run.scope, 'draw', { params, inputs: { dataset } }), 'secret');
}

/** What was submitted is what is read: a source that changed in between stops the run. */
function requireSubmitted(run: Run, fingerprints: readonly SourceFingerprint[]): void {
  for (const { name, digest } of run.opened.sources ?? []) {
    const found = fingerprints.find((source) => source.name === name);
    if (found?.manifest.digest === digest) continue;
    throw ApplicationFailure.nonRetryable(
      `source "${name}" is not what was submitted: its files changed, or the worker reads other ones; submit the run again`,
      'SOURCE_CHANGED',
    );
  }
}

async function ingest(run: Run): Promise<{ dataset: ArtifactRef; result: StepResult }> {
  const { request, locations, project } = run.input;
  const fingerprints = await records.fingerprintSources(request, locations);
  requireSubmitted(run, fingerprints);
  const registered = await runStep(run.scope, 'dataset', {
    params: { project, dataset: request.dataset.name },
    inputs: {},
  });
  const dataset = output(registered, 'dataset');
  const sources = request.dataset.sources.map(
    ({ path: _path, corrections: _corrections, ...source }) => source,
  );
  const result = await runStep(run.scope, 'ingest', {
    params: { dataset: request.dataset.name, sources },
    inputs: { dataset, manifests: fingerprints.map(({ manifest }) => manifest) },
    hints: locations,
  });
  return { dataset, result };
}

async function assess(run: Run): Promise<StepResult> {
  const { request, locations } = run.input;
  const { revision, files } = await records.fingerprintModel(locations['model'] ?? '');
  if (revision !== request.baseModel.revision) {
    throw ApplicationFailure.nonRetryable(
      `the base model's files have revision ${revision}, the run file pins ${request.baseModel.revision} (/baseModel/revision); restore the files, or pin the new revision after checking them`,
      'MODEL_REVISION_MISMATCH',
    );
  }
  return runStep(run.scope, 'assess', {
    params: { revision, files: [...files] },
    inputs: {},
    hints: { model: locations['model'] ?? '' },
  });
}

/** Where the policy waives the review nobody is asked, and nothing is said to be approved. */
async function waive(run: Run, redacted: StepResult): Promise<Reviewed> {
  const inputs = { redacted: output(redacted, 'shardResults') };
  return { approval: await runStep(run.scope, 'waive', { inputs }) };
}

/** Opens the gate with a stored approval that still holds, or asks a person. */
async function review(run: Run, dataset: ArtifactRef, redacted: StepResult): Promise<Reviewed> {
  const secret = await draw(run, 'review-sample', dataset, rootOf(redacted, 'redacted'));
  const batch = await runStep(run.scope, 'reviewBatch', {
    inputs: { dataset, secret, redacted: output(redacted, 'shardResults') },
  });
  const inputs = {
    batch: output(batch, 'batch'),
    overlay: output(batch, 'overlay'),
    info: output(batch, 'info'),
  };
  const params = { batchRoot: batch.values['batchRoot'] };
  const approval = {
    step: stepRequest(run.scope, { params, inputs }),
    submitter: run.opened.submitter.subject,
  };
  const stored = await control.recallApproval(approval);
  if (stored !== null) return { batch, approval: stored };
  const workflowId = `${workflowInfo().workflowId}-review`;
  run.progress.reviewing(workflowId);
  const outcome = await executeChild(reviewGate, {
    workflowId,
    typedSearchAttributes: searchPairs({
      adapter: run.input.request.adapter.name,
      policy: run.opened.policyName,
      stage: 'review',
    }),
    args: [{ approval, timing: run.opened.review }],
  });
  run.progress.reviewing(undefined);
  return { batch, approval: approvedDecisions(outcome) };
}

export interface Prepared {
  readonly dataset: ArtifactRef;
  readonly assessment: StepResult;
  /** The approval and its report, or the waiver: what the release step judges. */
  readonly judgement: Readonly<Record<string, ArtifactRef>>;
  /** Lists of shard results with the values that redaction and review removed. */
  readonly vault: readonly ArtifactRef[];
  /** The list of shard results with the token sets. */
  readonly tokens: ArtifactRef;
  readonly injection: StepResult;
  readonly reports: Readonly<Record<string, ArtifactRef>>;
  /** Memo keys from the approval to the token sets; train refuses a chain with a gap. */
  readonly chain: Readonly<Record<string, string>>;
}

export const tokenizerOf = (assessment: StepResult) => ({
  tokenizer: output(assessment, 'tokenizer'),
  tokenizerConfig: output(assessment, 'tokenizerConfig'),
});

interface Approved {
  readonly dataset: ArtifactRef;
  readonly ingestion: StepResult;
  readonly assessment: StepResult;
  readonly redacted: StepResult;
  readonly reviewed: Reviewed;
  readonly applied: Applied;
}

const self = (result: StepResult): StepResult => result;

/** From the sources to the dataset that a person approved. */
async function approve(run: Run): Promise<Approved> {
  const { progress, scope } = run;
  const { dataset, result: ingestion } = await progress.stage(
    'ingest',
    () => ingest(run),
    (value) => value.result,
  );
  await run.ingested?.(ingestion);
  const assessment = await progress.stage('assess', () => assess(run), self);
  const redacted = await progress.stage(
    'redact',
    (onShards) => redact({ ...scope, onShards }, dataset, ingestion),
    self,
  );
  const reviewed = await progress.stage(
    'review',
    () => (run.opened.review.required ? review(run, dataset, redacted) : waive(run, redacted)),
    (value) => value.approval,
  );
  const applied = await progress.stage(
    'apply',
    (onShards) => applyDecisions({ ...scope, onShards }, dataset, redacted, reviewed),
    (value) => value.stage,
  );
  return { dataset, ingestion, assessment, redacted, reviewed, applied };
}

const judgementOf = ({ approval, batch }: Reviewed): Prepared['judgement'] =>
  batch === undefined
    ? { waiver: output(approval, 'waiver') }
    : { approval: output(approval, 'approval'), reviewReport: output(approval, 'report') };

async function inject(
  run: Run,
  { dataset, assessment }: Approved,
  kept: StepResult,
): Promise<StepResult> {
  const secret = await draw(run, 'canaries', dataset, rootOf(kept, 'kept'));
  const inputs = { dataset, secret, ...tokenizerOf(assessment) };
  return runStep(run.scope, 'inject', { inputs });
}

/** Everything before training: records in, approved token sets and canaries out. */
export async function prepare(run: Run): Promise<Prepared> {
  const { progress, scope } = run;
  const approved = await approve(run);
  const { dataset, ingestion, assessment, redacted, applied } = approved;
  const kept = await progress.stage(
    'minimize',
    (onShards) => minimize({ ...scope, onShards }, applied.stage),
    (value) => value.plan,
  );
  const injection = await progress.stage('inject', () => inject(run, approved, kept.stage), self);
  const tokenized = await progress.stage(
    'tokenize',
    (onShards) => tokenize({ ...scope, onShards }, kept.stage, tokenizerOf(assessment)),
    self,
  );
  return {
    dataset,
    assessment,
    judgement: judgementOf(approved.reviewed),
    injection,
    vault: [output(redacted, 'shardResults'), output(applied.stage, 'shardResults')],
    tokens: output(tokenized, 'shardResults'),
    reports: {
      ingestReport: output(ingestion, 'report'),
      assessReport: output(assessment, 'report'),
      redactReport: output(redacted, 'report'),
      minimizeReport: output(kept.plan, 'report'),
      tokenizeReport: output(tokenized, 'report'),
    },
    chain: {
      approval: approved.reviewed.approval.memoKey,
      slices: applied.slices.memoKey,
      applied: applied.stage.memoKey,
      kept: kept.stage.memoKey,
      tokenized: tokenized.memoKey,
      injection: injection.memoKey,
    },
  };
}
