import { compareDatasets, readFigures } from '../domain/drift/index.js';
import { firingStatement, signStatement } from '../domain/evidence/index.js';
import {
  canonicalBytes,
  commitmentOf,
  logCommitted,
  readCommitted,
  type StepRuntime,
} from '../domain/lineage/index.js';
import {
  firingDocument,
  firingsOf,
  lastRecords,
  outputDigest,
  readRunResults,
  resultOf,
} from '../domain/schedule/index.js';
import type { ArtifactRef } from '../schemas/index.js';
import type { ControlActivities, FiringDraft, ScheduledIngest } from './api.js';

async function findUnchanged(
  { documents, trustedKeys }: StepRuntime,
  { project, schedule, submission, ingestion }: ScheduledIngest,
): Promise<string | null> {
  const firings = firingsOf(documents, await trustedKeys(), project, schedule);
  const last = await lastRecords(firings, submission.digest);
  return last?.shards === outputDigest(ingestion, 'shards') ? last.runId : null;
}

/** What changed since the schedule's last run; none for the first. */
async function reportDrift(
  runtime: StepRuntime,
  { project, schedule, runId, outcome }: FiringDraft,
): Promise<ArtifactRef | undefined> {
  if (outcome !== 'ran') return undefined;
  const keys = await runtime.trustedKeys();
  for await (const before of firingsOf(runtime.documents, keys, project, schedule)) {
    if (before.outcome !== 'ran' || before.runId === runId) continue;
    const report = compareDatasets(
      await readFigures(runtime, project, before.runId),
      await readFigures(runtime, project, runId),
    );
    return runtime.artifacts.put(canonicalBytes(report), {
      class: 'evidence',
      mediaType: 'application/vnd.custos.drift-report+json',
      project,
    });
  }
  return undefined;
}

async function recordFiring(runtime: StepRuntime, draft: FiringDraft): Promise<void> {
  const { documents, randomBytes, signer } = runtime;
  const ingestion = resultOf(await readRunResults(runtime, draft.runId), 'ingest');
  const drift = await reportDrift(runtime, draft);
  const statement = firingStatement({
    ...draft,
    endedAt: runtime.now().toISOString(),
    ...(ingestion === undefined ? {} : { shards: outputDigest(ingestion, 'shards') }),
    ...(drift === undefined ? {} : { drift }),
  });
  const mine = commitmentOf(await signStatement(signer, statement), randomBytes);
  const key = firingDocument(draft);
  // A retry finds what was written before it was cut off, and finishes it.
  const created = await documents.create(key, canonicalBytes(mine));
  const committed = created ? mine : await readCommitted(documents, key);
  await logCommitted(runtime, committed, key, key.replace(/\.json$/, '.receipt.json'));
}

/** The memory of a schedule: what came of each firing, as signed evidence. */
export function createSchedule(
  runtime: StepRuntime,
): Pick<ControlActivities, 'findUnchanged' | 'recordFiring'> {
  return {
    findUnchanged: (ingest) => findUnchanged(runtime, ingest),
    recordFiring: (draft) => recordFiring(runtime, draft),
  };
}
