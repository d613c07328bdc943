export { compileSource, type CompiledSource, type SourceSpec } from './compile-source.js';
export { detectDialect } from './csv-dialect.js';
export { RecordError } from './errors.js';
export { derivePseudonymKey, recordIdByKey } from './ids.js';
export { ingestSources, type IngestSource } from './ingest-sources.js';
export { decodeLines, decodeLinesWith, encodeLines } from './json-lines.js';
export { readRows } from './read-rows.js';
export {
  correctionsKey,
  locationsOf,
  SOURCE_MANIFEST_MEDIA_TYPE,
  sourceLocation,
  type SourceFile,
  type SourceLocation,
  type SourceStore,
} from './source-files.js';
export { shardLines } from './record-line.js';
export { decodeShard, decodeShardByTurns, encodeShard, SHARD_MEDIA_TYPE } from './shards.js';
export { SUBJECT_INDEX_MEDIA_TYPE } from './subject-index.js';
export type { Correction } from './corrections.js';
export {
  countReasons,
  judgeCorrection,
  quarantinedRow,
  REJECT_REASONS,
  type QuarantinedRow,
} from './quarantine.js';
