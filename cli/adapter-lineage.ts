import { readJson } from '../domain/lineage/index.js';
import type { Stores } from '../infra/runtime/index.js';
import {
  check,
  validateIngestReport,
  type RegistryEntry,
  type StepResult,
} from '../schemas/index.js';
import { findAdapter, type NamedAdapter } from './adapter-name.js';
import { addsUp, recordAccount, type AccountLine } from './record-account.js';
import { readRunSteps, type RunStep } from './run-evidence.js';
import { runReport, type RunReport } from './run-report.js';
import { refOf, stageOf } from './stage-results.js';
import { trainedRecords, type TrainedRecords } from './trained-records.js';

/** A signed step that an answer rests on: its result, and where the ledger has it. */
export interface Proof {
  readonly stage: string;
  readonly resultDigest: string;
  readonly ledgerIndex: number;
}

/** Where an adapter came from, for an auditor. */
export interface AdapterLineage extends Omit<RunReport, 'steps' | 'stages'> {
  readonly entry: RegistryEntry;
  readonly account: readonly AccountLine[];
  readonly accountAddsUp: boolean;
  /** Entity type -> spans that were replaced or dropped before training. */
  readonly removed: Readonly<Record<string, number>>;
  readonly records: TrainedRecords;
  readonly trainedSteps: number;
  readonly logId: string;
  readonly proofs: readonly Proof[];
}

function removedOf({ counts }: StepResult): Record<string, number> {
  const spans = Object.entries(counts).filter(([name]) => name.startsWith('spans.'));
  return Object.fromEntries(spans.map(([name, count]) => [name.slice('spans.'.length), count]));
}

async function accountOf(
  stores: Stores,
  project: string,
  steps: readonly RunStep[],
): Promise<readonly AccountLine[]> {
  const report = await readJson(
    stores.artifacts,
    refOf(stageOf(steps, 'ingest'), 'report'),
    project,
  );
  const counts = (stage: string) => stageOf(steps, stage).counts;
  return recordAccount({
    ingest: check(validateIngestReport, report, 'the ingest report'),
    redact: counts('redact'),
    apply: counts('apply'),
    plan: counts('minimize-plan'),
    tokenize: counts('tokenize'),
    inject: counts('inject'),
    train: counts('train'),
  });
}

/**
 * Which records made an adapter, what was removed, who approved, which gates it passed, and the
 * signed steps that prove it.
 * @throws CliError NOT_FOUND, LineageError
 */
export async function adapterLineage(stores: Stores, named: NamedAdapter): Promise<AdapterLineage> {
  const entry = await findAdapter(stores, named);
  const { project } = entry;
  const steps = await readRunSteps(stores, entry.runId);
  const train = stageOf(steps, 'train');
  const records = await trainedRecords(stores, project, train);
  const account = await accountOf(stores, project, steps);
  const { steps: _, stages: __, ...report } = await runReport(stores, entry.runId, steps, {});
  return {
    ...report,
    entry,
    account,
    accountAddsUp: addsUp(account),
    removed: removedOf(stageOf(steps, 'redact')),
    records,
    trainedSteps: train.counts['steps'] ?? 0,
    logId: steps[0]?.committed.receipt.logId ?? '',
    proofs: steps.map(({ run, result, committed }) => ({
      stage: result.step,
      resultDigest: run.resultDigest,
      ledgerIndex: committed.receipt.index,
    })),
  };
}
