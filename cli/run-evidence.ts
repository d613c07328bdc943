import {
  parseJson,
  RESULT_PAYLOAD_TYPE,
  STATEMENT_PAYLOAD_TYPE,
  verifyEnvelope,
  type Envelope,
} from '../domain/evidence/index.js';
import {
  digestJson,
  runDocument,
  type CommittedRun,
  type LedgerReceipt,
} from '../domain/lineage/index.js';
import type { Stores } from '../infra/runtime/index.js';
import {
  check,
  validateStepResult,
  validateStepStatement,
  type CommittedEnvelope,
  type StepResult,
  type StepRun,
} from '../schemas/index.js';
import { CliError } from './errors.js';

/** One stage of a run as its evidence has it: signature and result digest verified. */
export interface RunStep {
  readonly run: StepRun;
  readonly result: StepResult;
  readonly signedResult: Envelope;
  readonly committed: CommittedEnvelope;
}

async function readDocument(stores: Stores, key: string): Promise<unknown> {
  const document = await stores.documents.read(key);
  if (document === undefined) throw new CliError('NOT_FOUND', `the evidence store has no ${key}`);
  return parseJson(document.bytes, key);
}

/** Every stage of a run, oldest first. @throws LineageError SIGNATURE_INVALID, CliError NOT_FOUND */
export async function readRunSteps(stores: Stores, runId: string): Promise<readonly RunStep[]> {
  const keys = await stores.trustedKeys();
  const steps: RunStep[] = [];
  for await (const key of stores.documents.list(`runs/${runId}/`)) {
    if (!key.endsWith('.envelope.json')) continue;
    const { envelope, salt } = (await readDocument(stores, key)) as CommittedRun;
    const payload = verifyEnvelope(envelope, keys, {
      payloadType: STATEMENT_PAYLOAD_TYPE,
      use: 'worker',
    });
    const statement = check(validateStepStatement, parseJson(payload, key), key);
    const run = statement.predicate.runDetails.byproducts[0]?.annotations.run as StepRun;
    const signed = (await readDocument(
      stores,
      runDocument(runId, run.memoKey, 'result'),
    )) as Envelope;
    const resultBytes = verifyEnvelope(signed, keys, {
      payloadType: RESULT_PAYLOAD_TYPE,
      use: 'worker',
    });
    const where = `the result of ${run.step}`;
    const result = check(validateStepResult, parseJson(resultBytes, where), where);
    if (digestJson(result) !== run.resultDigest) {
      throw new CliError(
        'NOT_FOUND',
        `the result of ${run.step} in run ${runId} is not the signed one`,
      );
    }
    const receipt = (await readDocument(
      stores,
      runDocument(runId, run.memoKey, 'receipt'),
    )) as LedgerReceipt;
    steps.push({ run, result, signedResult: signed, committed: { envelope, salt, receipt } });
  }
  if (steps.length === 0) {
    throw new CliError(
      'NOT_FOUND',
      `there is no evidence of a run "${runId}"; "custos runs" lists them`,
    );
  }
  return steps.sort((a, b) => a.run.endedAt.localeCompare(b.run.endedAt));
}

/** Ids of all runs that left evidence. */
export async function listEvidenceRuns(stores: Stores): Promise<readonly string[]> {
  const ids = new Set<string>();
  for await (const key of stores.documents.list('runs/')) {
    const [, runId] = key.split('/');
    if (runId !== undefined) ids.add(runId);
  }
  return [...ids].sort();
}
