import type { ArtifactTable, StepResult } from '../schemas/index.js';
import { trackProgress } from './progress.js';
import { output, runStep, type RunScope } from './steps.js';

export interface TrainAndAuditInput {
  readonly scope: RunScope;
  /** dataset, tokens[], canaryTokens, model[], environment */
  readonly train: {
    readonly params: Readonly<Record<string, unknown>>;
    readonly inputs: ArtifactTable;
  };
  /** canaries, canaryTokens, vault[], tokenizer: what the audit reads besides the training inputs */
  readonly audit: {
    readonly params: Readonly<Record<string, unknown>>;
    readonly inputs: ArtifactTable;
  };
}

export interface TrainAndAuditResult {
  readonly train: StepResult;
  readonly audit: StepResult;
}

/**
 * One round: train an adapter, then attack it. A federated coordinator calls it as its child. It
 * answers the `status` query for its two stages.
 */
export async function trainAndAudit(input: TrainAndAuditInput): Promise<TrainAndAuditResult> {
  const progress = trackProgress(input.scope.runId);
  const itself = (result: StepResult): StepResult => result;
  const train = await progress.stage(
    'train',
    () => runStep(input.scope, 'train', input.train),
    itself,
  );
  const audit = await progress.stage(
    'audit',
    () =>
      runStep(input.scope, 'audit', {
        params: input.audit.params,
        inputs: {
          ...input.audit.inputs,
          plan: output(train, 'plan'),
          adapterConfig: output(train, 'adapterConfig'),
          adapterWeights: output(train, 'adapterWeights'),
        },
      }),
    itself,
  );
  return { train, audit };
}
