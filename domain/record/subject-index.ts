import { canonicalJson } from '../lineage/digest.js';
import { decodeLines } from './json-lines.js';

export const SUBJECT_INDEX_MEDIA_TYPE = 'application/vnd.custos.subject-index+jsonl';

/** One line of the subject index: which records are about a person (a keyed pseudonym). */
export interface SubjectEntry {
  readonly subjectId: string;
  readonly records: readonly string[];
}

/** JSON Lines sorted by subject id, record ids sorted: the same set gives the same bytes. */
export function encodeSubjectIndex(index: ReadonlyMap<string, readonly string[]>): Uint8Array {
  const entries = [...index.keys()].sort().map((subjectId): SubjectEntry => {
    return { subjectId, records: [...(index.get(subjectId) ?? [])].sort() };
  });
  return Buffer.from(entries.map((entry) => `${canonicalJson(entry)}\n`).join(''), 'utf8');
}

export function decodeSubjectIndex(bytes: Uint8Array): Map<string, readonly string[]> {
  const entries = decodeLines<SubjectEntry>(bytes);
  return new Map(entries.map(({ subjectId, records }) => [subjectId, records]));
}
