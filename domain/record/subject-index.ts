import type { TrainingRecord } from '../../schemas/index.js';
import { canonicalJson } from '../lineage/digest.js';
import { decodeLines } from './json-lines.js';

export const SUBJECT_INDEX_MEDIA_TYPE = 'application/vnd.custos.subject-index+jsonl';

/** One line of the subject index: which records are about a person (a keyed pseudonym). */
export interface SubjectEntry {
  readonly subjectId: string;
  readonly records: readonly string[];
}

/**
 * The piece of the index that one shard gives: JSON Lines sorted by subject id, record ids sorted, so
 * that the same records give the same bytes. The index of a dataset is the list of its shards' pieces.
 */
export function encodeSubjectIndex(shard: readonly TrainingRecord[]): Uint8Array {
  const index = new Map<string, string[]>();
  for (const { id, subjectId } of shard) {
    if (subjectId === undefined) continue;
    const known = index.get(subjectId);
    if (known === undefined) index.set(subjectId, [id]);
    else known.push(id);
  }
  const entries = [...index.keys()].sort().map((subjectId): SubjectEntry => {
    return { subjectId, records: [...(index.get(subjectId) ?? [])].sort() };
  });
  return Buffer.from(entries.map((entry) => `${canonicalJson(entry)}\n`).join(''), 'utf8');
}

export function decodeSubjectIndex(bytes: Uint8Array): Map<string, readonly string[]> {
  const entries = decodeLines<SubjectEntry>(bytes);
  return new Map(entries.map(({ subjectId, records }) => [subjectId, records]));
}
