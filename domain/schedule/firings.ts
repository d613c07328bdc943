import { openStatement, type EvidenceKey } from '../evidence/index.js';
import { hexOf, LineageError, readCommitted, type DocumentStore } from '../lineage/index.js';
import type { FiringStatement } from '../../schemas/index.js';

export type Firing = FiringStatement['predicate'];

type Read = Pick<DocumentStore, 'read' | 'list'>;

const folderOf = (project: string, schedule: string): string => `schedules/${project}/${schedule}/`;

const compact = (time: string): string => time.replaceAll(/[-:.]/g, '');

/** Where a firing's record is; the names sort by the time of the start. */
export function firingDocument({
  project,
  schedule,
  startedAt,
  runId,
}: Pick<Firing, 'project' | 'schedule' | 'startedAt' | 'runId'>): string {
  return `${folderOf(project, schedule)}firings/${compact(startedAt)}-${runId}.json`;
}

/** Where it says that a standing submission ended with its schedule. */
export function withdrawalDocument(project: string, schedule: string, submission: string): string {
  return `${folderOf(project, schedule)}withdrawn/${hexOf(submission)}.json`;
}

/** @throws LineageError SIGNATURE_INVALID, EVIDENCE_INVALID */
async function openFiring(
  documents: Pick<DocumentStore, 'read'>,
  keys: readonly EvidenceKey[],
  key: string,
): Promise<Firing> {
  const { envelope } = await readCommitted(documents, key);
  const statement = openStatement(envelope, keys, key);
  if (statement.predicateType === 'urn:custos:predicate:firing:v1') return statement.predicate;
  throw new LineageError('EVIDENCE_INVALID', `${key} is not the record of a firing`);
}

/** The recorded firings of a schedule, the latest first, each signature verified as it is read. */
export async function* firingsOf(
  documents: Read,
  keys: readonly EvidenceKey[],
  project: string,
  schedule: string,
): AsyncGenerator<Firing> {
  const names: string[] = [];
  for await (const key of documents.list(`${folderOf(project, schedule)}firings/`)) {
    if (!key.endsWith('.receipt.json')) names.push(key);
  }
  for (const key of names.sort().reverse()) yield openFiring(documents, keys, key);
}

/** The latest firing whose run went through its records, under the same submission. */
export async function lastRecords(
  firings: AsyncIterable<Firing>,
  submissionDigest: string,
): Promise<{ readonly runId: string; readonly shards: string } | undefined> {
  for await (const { outcome, runId, shards, unchangedSince, ...firing } of firings) {
    if (firing.submissionDigest !== submissionDigest || shards === undefined) continue;
    if (outcome === 'ran') return { runId, shards };
    if (outcome === 'nothing-new') return { runId: unchangedSince ?? runId, shards };
  }
  return undefined;
}
