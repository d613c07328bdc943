export { compileSource, type CompiledSource, type SourceSpec } from './compile-source.js';
export { RecordError, type RecordErrorCode } from './errors.js';
export { deriveSubjectKey, keyIdOf, recordIdByContent, recordIdByKey, subjectIdOf } from './ids.js';
export {
  ingestSources,
  type IngestEvent,
  type IngestOptions,
  type IngestSource,
} from './ingest-sources.js';
export { contentChars } from './ingest-statistics.js';
export { decodeLines, encodeLines } from './json-lines.js';
export { mapRow, type MappedRow, type Message } from './map-row.js';
export { readCsv } from './read-csv.js';
export { readJsonl } from './read-jsonl.js';
export {
  DEFAULT_MAX_ROW_BYTES,
  type ParsedRow,
  type Rejection,
  type RejectReason,
} from './rows.js';
export {
  createShardCutter,
  cutShards,
  decodeShard,
  encodeShard,
  SHARD_MEDIA_TYPE,
  type ShardCutter,
} from './shards.js';
export {
  decodeSubjectIndex,
  encodeSubjectIndex,
  SUBJECT_INDEX_MEDIA_TYPE,
  type SubjectEntry,
} from './subject-index.js';
