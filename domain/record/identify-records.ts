import type { TrainingRecord } from '../../schemas/index.js';
import type { CompiledSource } from './compile-source.js';
import { createFingerprintTable, type FingerprintTable } from './fingerprint-table.js';
import { deriveSubjectKey, recordIdByContent, recordIdByKey, subjectIdOf } from './ids.js';
import type { MappedRow } from './map-row.js';
import { rejection, type Rejection } from './rows.js';

/** Gives ids; remembers which were given, so that none is given twice. */
export interface Identifier {
  /** Begins a source: ids of two sources are never equal. */
  begin(source: CompiledSource): void;
  identify(row: MappedRow): TrainingRecord | Rejection;
  /** Distinct subjects of all sources so far. */
  readonly subjects: number;
}

const hexOf = (id: string): string => id.slice(id.indexOf(':') + 1);

function contentId(
  key: Uint8Array,
  source: string,
  messages: MappedRow['messages'],
  given: FingerprintTable,
): string {
  const first = recordIdByContent(key, source, messages, 0);
  const ordinal = given.add(hexOf(first));
  return ordinal === 0 ? first : recordIdByContent(key, source, messages, ordinal);
}

/** @param datasetKey 32 bytes, drawn once for the dataset's life */
export function createIdentifier(datasetKey: Uint8Array): Identifier {
  const subjectKey = deriveSubjectKey(datasetKey);
  const subjects = createFingerprintTable();
  let given = createFingerprintTable();
  let current: CompiledSource | undefined;
  return {
    begin(source) {
      current = source;
      given = createFingerprintTable();
    },
    identify({ messages, primaryKey, subject }) {
      const source = current?.name ?? '';
      const id =
        primaryKey === undefined
          ? contentId(datasetKey, source, messages, given)
          : recordIdByKey(datasetKey, source, primaryKey);
      if (primaryKey !== undefined && given.add(hexOf(id)) > 0) {
        const pointer = current?.primaryKey?.pointer ?? '';
        return rejection('KEY_REPEATED', 'a key that no earlier row of the source has', pointer);
      }
      if (subject === undefined) return { id, messages: [...messages] };
      const subjectId = subjectIdOf(subjectKey, subject);
      subjects.add(hexOf(subjectId));
      return { id, subjectId, messages: [...messages] };
    },
    get subjects() {
      return subjects.size;
    },
  };
}
